/**
 * The end of a run that failed: what stderr says, and the exit status.
 *
 * @module
 */
import { KuberlrError } from "../errors.ts";
import type { Host } from "../host.ts";
import { renderBug, renderFailure, wantsColor } from "../report.ts";

/** What is no {@linkcode KuberlrError} is a bug in kuberlr: it shows its stack. */
export function reportFailure(
  error: unknown,
  { terminal: { stderr }, env }: Pick<Host, "terminal" | "env">,
): number {
  const color = wantsColor(env.get("NO_COLOR") ? "never" : "auto", stderr);
  if (error instanceof KuberlrError) {
    stderr.write(renderFailure(error, { color }));
    return error.exitStatus;
  }
  stderr.write(renderBug(error));
  return 125;
}
