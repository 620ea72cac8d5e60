/**
 * `kuberlr COMMAND …`.
 *
 * @module
 */
import { runCommand } from "../commands/dispatch.ts";
import { denoHost } from "../host/deno_host.ts";
import { localHost } from "../host/local_host.ts";
import { endingWithStatus } from "./ending.ts";

/** The exit status. */
export function runManagement(args: readonly string[]): Promise<number> {
  const host = denoHost(localHost());
  return endingWithStatus(host, () => runCommand(args, host));
}
