/**
 * The whole outside world over Deno, for commands that are not remembered. What few of them need is imported when it
 * is first asked for.
 *
 * @module
 */
import type { Host, LocalHost } from "../host.ts";
import { denoStore } from "./store.ts";
import { denoTerminal } from "./terminal.ts";

export function denoHost(local: LocalHost): Host {
  return {
    ...local,
    terminal: denoTerminal(),
    store: denoStore(local.platform),
    http: {
      async ask(request) {
        const { askApiServer } = await import("./api_client.ts");
        return await askApiServer(request);
      },
    },
    processes: {
      async run(request) {
        const { runProcess } = await import("./processes.ts");
        return await runProcess(request);
      },
    },
  };
}
