/**
 * Ends a run: returns the exit status, and reports every failure that was not handled before.
 *
 * @module
 */
import { nameProgram } from "../commands/name_program.ts";
import { describeLoadingError, HostError, KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { renderBug, renderFailure, wantsColor } from "../output/report.ts";
import { loadColor } from "../config/steps/load_config.ts";

/**
 * Returns the exit status of `run`, or of the error that it throws, after reporting it. An error
 * that is not a {@linkcode KuberlrError} is a bug in kuberlr, and is reported with its stack.
 */
export async function endingWithStatus(
  host: Pick<Host, "terminal" | "env" | "files" | "platform" | "program">,
  run: () => Promise<number>,
): Promise<number> {
  const { stderr } = host.terminal;
  try {
    return await run();
  } catch (caught) {
    const error = isLostOutput(caught)
      ? lostOutput(caught)
      : describeLoadingError(caught) ?? caught;
    if (!(error instanceof KuberlrError)) {
      stderr.write(renderBug(error));
      return 125;
    }
    const color = wantsColor(await loadColor(host), stderr);
    const { message, hint } = error;
    stderr.write(renderFailure({ message, hint: hint && nameProgram(hint, host) }, { color }));
    return error.exitStatus;
  }
}

function isLostOutput(error: unknown): error is HostError {
  return error instanceof HostError && error.path === "stdout";
}

function lostOutput(cause: HostError): KuberlrError {
  return new KuberlrError("cannot-write", `Cannot write to stdout: ${cause.message}`, {
    cause,
    hint: "Make room where stdout leads, or send it elsewhere",
  });
}
