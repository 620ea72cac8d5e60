/**
 * Wrapper mode for a command without a memo that can be followed: resolves the kubectl, downloads
 * it if necessary, and hands over to it.
 *
 * @module
 */
import { prepareKubectl, warnAgain } from "../commands/prepare_kubectl.ts";
import { denoHost } from "../host/deno_host.ts";
import { surviveUncaught } from "../host/net/uncaught.ts";
import { handOff } from "../host/process/handoff.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import type { Memo } from "../memory/memo.ts";
import type { LocalHost } from "../ports/host.ts";
import { endingWithStatus } from "./ending.ts";

export interface WrapperRun {
  readonly argv0: string;
  readonly line: CommandLine;
  /**
   * A memo that could not be followed at once: it has a warning, kubectl must run as a child, or
   * the system has refused the hand-off.
   */
  readonly remembered: Memo | undefined;
}

/** Returns the exit status if the process has not become kubectl. */
export function runWrapperMode(
  { argv0, line, remembered }: WrapperRun,
  local: LocalHost,
): Promise<number> {
  surviveUncaught();
  const host = denoHost(local);
  return endingWithStatus(host, async () => {
    const kubectl = remembered === undefined
      ? await prepareKubectl(line, host)
      : await warnAgain(remembered, host);
    // In a turn of the event loop, Deno writes its code cache, which makes the next command three
    // times as fast. Without a request, this is the first turn.
    await host.clock.sleep(0);
    return await handOff({ ...kubectl, argv0, args: line.args });
  });
}
