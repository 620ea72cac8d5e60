/**
 * API servers on loopback that Deno cannot run, because its TLS is stricter: Node runs them, with
 * OpenSSL. They tell their version to anyone, and record each visit as those of `api_server.ts` do.
 *
 * @module
 */
import type { ApiServer, SeenRequest } from "./api_server.ts";
import { versionBody } from "./api_documents.ts";
import type { Identity } from "./certificates.ts";

export interface NodeServerOptions {
  readonly version: string;
  readonly tls: Identity;
  /** Asks for client certificates. */
  readonly clientCa?: string;
  /** Options of `tls.createServer()`: `ciphers`, `maxVersion`, `ecdhCurve`. */
  readonly options: Readonly<Record<string, string>>;
}

/** Deno puts a `node` of its own into PATH where there is none. */
export function hasNode(): boolean {
  try {
    const { stdout } = new Deno.Command("node", { args: ["-p", "process.versions.deno"] })
      .outputSync();
    return new TextDecoder().decode(stdout).trim() === "undefined";
  } catch {
    return false;
  }
}

export async function startNodeServer(options: NodeServerOptions): Promise<ApiServer> {
  const { version, tls, clientCa } = options;
  const child = new Deno.Command("node", {
    args: ["--eval", SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const tell = (value: unknown) =>
    input.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  const requests: SeenRequest[] = [];
  const started = Promise.withResolvers<number>();
  const waiting: (() => void)[] = [];
  let connections = 0;
  const read = (async () => {
    let text = "";
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = `${text}${part}`.split("\n");
      text = lines.pop()!;
      for (const line of lines) {
        const event = JSON.parse(line) as Event;
        if (event.kind === "listening") started.resolve(event.port);
        if (event.kind === "connection") connections++;
        if (event.kind === "request") requests.push(event.seen);
        if (event.kind === "settled") waiting.shift()?.();
      }
    }
  })();
  await tell({
    tls: {
      ...options.options,
      cert: tls.certificate,
      key: tls.key,
      ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
    },
    body: JSON.stringify(versionBody(version)),
  });
  const port = await started.promise;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    async settled() {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await tell("settle");
      await promise;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await read;
      await input.close().catch(() => {});
    },
  };
}

type Event =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "connection" }
  | { readonly kind: "request"; readonly seen: SeenRequest }
  | { readonly kind: "settled" };

const SCRIPT = `
const tell = (event) => process.stdout.write(JSON.stringify(event) + "\\n");
const start = ({ tls, body }) => {
  const server = require("node:https").createServer(tls, (incoming, outgoing) => {
    const { headers, socket, method, url } = incoming;
    tell({ kind: "request", seen: {
      method, path: url, host: headers.host, authorization: headers.authorization, headers,
      sni: socket.servername || undefined, clientCertificate: socket.getPeerCertificate().subject?.CN,
    } });
    const isVersion = /\\/version(?:\\?|$)/.test(url);
    outgoing.writeHead(isVersion ? 200 : 404, { "content-type": "application/json" });
    outgoing.end(isVersion ? body : "{}");
  });
  server.on("connection", () => tell({ kind: "connection" }));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1", () => tell({ kind: "listening", port: server.address().port }));
};
let isStarted = false;
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (isStarted) return tell({ kind: "settled" });
  isStarted = true;
  start(JSON.parse(line));
}).on("close", () => process.exit());
`;
