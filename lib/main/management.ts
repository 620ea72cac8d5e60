/**
 * `kuberlr COMMAND …`.
 *
 * @module
 */
import { explainUsage } from "../commands/deno_shim.ts";
import { runCommand } from "../commands/dispatch.ts";
import { denoHost } from "../host/deno_host.ts";
import type { LocalHost } from "../ports/host.ts";
import { endingWithStatus } from "./ending.ts";

/** Runs a management command, and returns the exit status. */
export function runManagement(args: readonly string[], local: LocalHost): Promise<number> {
  const host = denoHost(local);
  return endingWithStatus(host, async () => {
    try {
      return await runCommand(args, host);
    } catch (error) {
      throw explainUsage(error, host);
    }
  });
}
