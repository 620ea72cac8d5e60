/** The memory and time that endless answers in the smallest pieces cost. */
import { assert, assertEquals } from "@std/assert";
import { makeAuthority } from "../../support/certificates.ts";

const ca = await makeAuthority();
const identity = await ca.server();
const MOST_MB = 100;
/** With a buffer for each piece it is 57, with one buffer 24. */
const MOST_PLUGIN_MB = 40;

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
      const kind = await assertCost(script, MOST_MB);
      assert(["answer", "failure"].includes(kind), kind);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

Deno.test("an endless output of a plugin in pieces of a byte costs little memory", async () => {
  const module = new URL("../../../lib/host/process/processes.ts", import.meta.url).href;
  const script = `
    import { denoProcesses } from ${JSON.stringify(module)};
    const plugin = 'const byte = new Uint8Array([32]); for (;;) Deno.stdout.writeSync(byte);';
    const before = Deno.memoryUsage().rss;
    let most = 0;
    const timer = setInterval(() => { most = Math.max(most, Deno.memoryUsage().rss); }, 5);
    const { reason } = await denoProcesses({ monotonicMs: () => performance.now() }).run({
      command: Deno.execPath(), args: ["eval", "--no-lock", plugin], env: {},
      maxOutputBytes: 1024 * 1024,
    });
    clearInterval(timer);
    console.log(JSON.stringify({ kind: reason, megabytes: (most - before) / 1e6 }));`;
  assertEquals(await assertCost(script, MOST_PLUGIN_MB), "output-too-large");
});

/**
 * Asserts that the least memory of three runs is below a limit: garbage that is not collected yet
 * differs between runs, memory that is kept does not. Returns the kind of the last run.
 */
async function assertCost(script: string, mostMegabytes: number): Promise<string> {
  let least = Infinity, last = "";
  for (let run = 0; run < 3 && least >= mostMegabytes; run++) {
    const { kind, megabytes } = await measure(script);
    least = Math.min(least, megabytes);
    last = kind;
  }
  assert(least < mostMegabytes, `${least} MB`);
  return last;
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
