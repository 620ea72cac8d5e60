/** Answers without end, in the smallest pieces there are: what they cost in memory and in time. */
import { assert, assertEquals } from "@std/assert";
import { makeAuthority } from "../../support/certificates.ts";

const ca = await makeAuthority();
const identity = await ca.server();
const MOST_MB = 100;

for (const insecure of [false, true]) {
  Deno.test(`an endless answer in chunks of a byte costs little memory (${insecure ? "insecure" : "verified"})`, async () => {
    const { createServer } = await import("node:https");
    const server = createServer(
      { cert: identity.certificate, key: identity.key },
      (_, response) => {
        response.on("error", () => {});
        const write = () => {
          for (let i = 0; i < 500 && !response.destroyed; i++) response.write(" ");
          if (!response.destroyed) setImmediate(write);
        };
        write();
      },
    );
    server.on("clientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      const module = new URL("../../../lib/host/net/api_client.ts", import.meta.url).href;
      const script = `
        import { apiHttp } from ${JSON.stringify(module)};
        const startMs = performance.now();
        const before = Deno.memoryUsage().rss;
        let most = 0;
        const timer = setInterval(() => { most = Math.max(most, Deno.memoryUsage().rss); }, 20);
        const answer = await apiHttp({ monotonicMs: () => performance.now() }).ask({
          url: "https://127.0.0.1:${port}/version", headers: {},
          tls: { certificateAuthority: ${
        JSON.stringify(insecure ? undefined : ca.certificate)
      }, insecure: ${insecure},
            serverName: undefined, clientCertificate: undefined },
          proxy: undefined, deadlineMs: startMs + 2000, maxBytes: 1024 * 1024,
        });
        clearInterval(timer);
        console.log(JSON.stringify({ kind: answer.kind, overdueMs: performance.now() - startMs - 2000,
          megabytes: (most - before) / 1e6 }));
        Deno.exit();`;
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-lock",
          "--no-check",
          `data:text/typescript,${encodeURIComponent(script)}`,
        ],
      }).output();
      const text = new TextDecoder().decode(stdout);
      assert(text !== "", new TextDecoder().decode(stderr));
      const { kind, megabytes } = JSON.parse(text);
      assert(megabytes < MOST_MB, `${megabytes} MB`);
      assertEquals(["answer", "failure"].includes(kind), true);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}
