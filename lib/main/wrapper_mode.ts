/**
 * Wrapper mode, the long way: what is not remembered is resolved, downloaded where it has to be,
 * and handed over to.
 *
 * @module
 */
import { prepareKubectl, warnAgain } from "../commands/kubectl.ts";
import { denoHost } from "../host/deno_host.ts";
import { noteIgnoredSignals } from "../host/process/ignored_signals.ts";
import { handOff } from "../host/process/handoff.ts";
import { localHost } from "../host/local_host.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import type { Memo } from "../memory/memo.ts";
import { endingWithStatus } from "./ending.ts";

/**
 * The exit status, where the process has not become kubectl. `remembered` is an answer that could
 * not be followed at once: it comes with a warning, or kubectl has to be a child, or the system
 * refuses it.
 */
export function runWrapperMode(
  argv0: string,
  line: CommandLine,
  remembered: Memo | undefined,
): Promise<number> {
  noteIgnoredSignals();
  // A host of its own: in the single file, the errors that the short way throws are of other
  // classes.
  const host = denoHost(localHost());
  return endingWithStatus(host, async () => {
    const kubectl = remembered === undefined
      ? await prepareKubectl(line, host)
      : await warnAgain(remembered, host);
    return await handOff({ ...kubectl, argv0, args: line.args });
  });
}
