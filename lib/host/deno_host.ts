/**
 * The whole Host over Deno, for commands without a memo. A port that few of them need is imported
 * when it is first used.
 *
 * @module
 */
import type { Host, LocalHost } from "../ports/host.ts";
import { findAncestry } from "./process/ancestry.ts";
import { restoreEnvironment } from "./process/environment.ts";
import { denoStore } from "./disk/store.ts";
import { denoTerminal } from "./terminal.ts";

export function denoHost(local: LocalHost): Host {
  // For all later reads, and for credential plugins, which are children of this process.
  restoreEnvironment();
  const { platform, env, clock } = local;
  let used = false;
  const downloads = once(async () => {
    used = true;
    return (await import("./net/downloads.ts")).denoDownloads(platform, env);
  });
  return {
    ...local,
    terminal: denoTerminal(),
    store: denoStore(platform),
    http: {
      ask: async (request) =>
        await (await import("./net/api_client.ts")).apiHttp(clock).ask(request),
    },
    downloads: {
      get: async (request, receiver) => await (await downloads()).get(request, receiver),
      close: async () => used ? (await downloads()).close() : undefined,
    },
    signatures: {
      post: async (url, body, timeoutMs) =>
        await (await import("./net/signatures.ts")).denoSignatures(env).post(url, body, timeoutMs),
    },
    processes: {
      run: async (request) =>
        await (await import("./process/processes.ts")).denoProcesses(clock).run(request),
      ancestry: findAncestry,
    },
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => value ??= make();
}
