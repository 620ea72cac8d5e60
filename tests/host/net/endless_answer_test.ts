/** The memory and time that endless answers in the smallest pieces cost. */
import { assert, assertEquals } from "@std/assert";
import { makeAuthority } from "../../support/certificates.ts";

const ca = await makeAuthority();
const identity = await ca.server();
const MOST_MB = 100;

const tls = (authority: string | undefined) =>
  `{ certificateAuthority: ${JSON.stringify(authority)}, insecure: ${authority === undefined},
     serverName: undefined, clientCertificate: undefined }`;
/** Source text of the client's `tls`. */
const TLS = { verified: tls(ca.certificate), insecure: tls(undefined), http: "undefined" };

for (const way of ["verified", "insecure", "http"] as const) {
  Deno.test(`an endless answer in chunks of a byte costs little memory (${way})`, async () => {
    const scheme = way === "http" ? "http" : "https";
    const { createServer } = await import(`node:${scheme}`) as typeof import("node:https");
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
        const http = apiHttp({ monotonicMs: () => performance.now() });
        const ask = (deadlineMs, maxBytes) => http.ask({
          url: "${scheme}://127.0.0.1:${port}/version", headers: {},
          tls: ${TLS[way]},
          proxy: undefined, deadlineMs, maxBytes,
        });
        // A short answer comes first, to separate the client's cost from the answer's.
        await ask(performance.now() + 2000, 10);
        const startMs = performance.now();
        const before = Deno.memoryUsage().rss;
        let most = 0;
        const timer = setInterval(() => { most = Math.max(most, Deno.memoryUsage().rss); }, 20);
        const answer = await ask(startMs + 2000, 1024 * 1024);
        clearInterval(timer);
        console.log(JSON.stringify({ kind: answer.kind, overdueMs: performance.now() - startMs - 2000,
          megabytes: (most - before) / 1e6 }));
        Deno.exit();`;
      // Garbage that is not collected yet differs between runs; memory that is kept does not.
      let least = Infinity;
      for (let run = 0; run < 3 && least >= MOST_MB; run++) {
        const { kind, megabytes } = await measure(script);
        assertEquals(["answer", "failure"].includes(kind), true);
        least = Math.min(least, megabytes);
      }
      assert(least < MOST_MB, `${least} MB`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

async function measure(script: string): Promise<{ kind: string; megabytes: number }> {
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
  return JSON.parse(text);
}
