/**
 * Wrapper mode for a command without a memo that can be followed: resolves the kubectl, downloads
 * it if necessary, and hands over to it.
 *
 * @module
 */
import { prepareKubectl, warnAgain } from "../commands/prepare_kubectl.ts";
import { denoHost } from "../host/deno_host.ts";
import { surviveUncaught } from "../host/net/uncaught.ts";
import { failAtFileSizeLimit } from "../host/process/ignored_signals.ts";
import { handOff } from "../host/process/handoff.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import type { Memo } from "../memory/memo.ts";
import type { Host, LocalHost } from "../ports/host.ts";
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
    if (remembered === undefined) await letDenoCache(host);
    return await handOff({ ...kubectl, argv0, args: line.args });
  });
}

/**
 * Waits for one turn of the event loop. In it, Deno writes its code cache, which makes the next
 * command three times as fast. Without a request, there was no turn before. The file of the cache
 * may be larger than `ulimit -f` allows.
 */
async function letDenoCache({ clock }: Pick<Host, "clock">): Promise<void> {
  const restore = failAtFileSizeLimit();
  await clock.sleep(0);
  restore();
}
