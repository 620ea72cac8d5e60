/**
 * The whole outside world over Deno, for commands that are not remembered. What few of them need is imported when it
 * is first asked for.
 *
 * @module
 */
import type { Host, LocalHost } from "../host.ts";
import { restoreEnvironment } from "./environment.ts";
import { denoStore } from "./store.ts";
import { denoTerminal } from "./terminal.ts";

export function denoHost(local: LocalHost): Host {
  // For all that is read, and for credential plugins, which are children of this process.
  restoreEnvironment();
  const { platform, env, clock } = local;
  let used = false;
  const downloads = once(async () => {
    used = true;
    return (await import("./downloads.ts")).denoDownloads(platform, env);
  });
  const signatures = once(async () => (await import("./signatures.ts")).denoSignatures(env));
  return {
    ...local,
    terminal: denoTerminal(),
    store: denoStore(platform),
    http: {
      ask: async (request) => await (await import("./api_client.ts")).apiHttp(clock).ask(request),
    },
    downloads: {
      get: async (request, receiver) => await (await downloads()).get(request, receiver),
      close: async () => used ? (await downloads()).close() : undefined,
    },
    signatures: {
      sha256: async (bytes) => await (await signatures()).sha256(bytes),
      verify: async (signed) => await (await signatures()).verify(signed),
      post: async (url, body, timeoutMs) => await (await signatures()).post(url, body, timeoutMs),
    },
    processes: {
      run: async (request) =>
        await (await import("./processes.ts")).denoProcesses(clock).run(request),
    },
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => value ??= make();
}
