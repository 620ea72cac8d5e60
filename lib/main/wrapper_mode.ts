/**
 * Wrapper mode, the long way: what is not remembered is resolved, downloaded where it has to be,
 * and handed over to.
 *
 * @module
 */
import { prepareKubectl, warnAgain } from "../commands/prepare_kubectl.ts";
import { denoHost } from "../host/deno_host.ts";
import { noteIgnoredSignals } from "../host/process/ignored_signals.ts";
import { handOff } from "../host/process/handoff.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import type { Memo } from "../memory/memo.ts";
import type { LocalHost } from "../ports/host.ts";
import { endingWithStatus } from "./ending.ts";

export interface WrapperRun {
  readonly argv0: string;
  readonly line: CommandLine;
  /**
   * An answer that could not be followed at once: it comes with a warning, or kubectl has to be a
   * child, or the system refuses it.
   */
  readonly remembered: Memo | undefined;
}

/** Returns the exit status if the process has not become kubectl. */
export function runWrapperMode(
  { argv0, line, remembered }: WrapperRun,
  local: LocalHost,
): Promise<number> {
  noteIgnoredSignals();
  const host = denoHost(local);
  return endingWithStatus(host, async () => {
    const kubectl = remembered === undefined
      ? await prepareKubectl(line, host)
      : await warnAgain(remembered, host);
    return await handOff({ ...kubectl, argv0, args: line.args });
  });
}
