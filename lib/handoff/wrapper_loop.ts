/**
 * Detects that kuberlr runs itself again and again. The program that it runs may be a copy of
 * kuberlr, or a wrapper that runs the first `kubectl` in PATH. Device and inode do not show that.
 * So the environment has a counter, and a loop ends with an error.
 *
 * The counter is set only where it may be needed: for a kubectl of `SystemPath` or a pinned path, a
 * script or a link. For a kubectl that kuberlr has installed, it is removed.
 *
 * A plugin that calls kubectl, or a shell inside a shell, is not a loop. Time tells them apart,
 * because a loop never waits a minute. Ancestry does not: a wrapper may put `sh -c`, `env` or
 * `timeout` in between.
 *
 * @module
 */
import { KuberlrError } from "../errors.ts";

/** Its value is `DEPTH:SECONDS`: the count, and the time of writing in seconds since the epoch. */
export const LOOP_VARIABLE = "KUBERLR_DEPTH";

/** The same limit as rustup's, which found 5 too low. */
const MAX_DEPTH = 20;
const FORGOTTEN_AFTER_SECONDS = 60;

/** Kubectls have 20 to 60 MB. A script has much less, and a program compiled by Deno more. */
const KUBECTL_BYTES = { least: 1 << 20, most: 64 << 20 } as const;

/** Returns true if a file of this size is neither a wrapper script nor kuberlr itself. */
export function hasSizeOfKubectl(bytes: number): boolean {
  return bytes >= KUBECTL_BYTES.least && bytes <= KUBECTL_BYTES.most;
}

/**
 * Returns the counter for the next program. `inherited`: the counter of this process; `nowMs`:
 * milliseconds since the epoch.
 *
 * @throws {KuberlrError} `wrapper-loop`: there were too many hand-offs without a pause
 */
export function countHandOff(path: string, inherited: string | undefined, nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  const depth = depthOf(inherited, now) + 1;
  if (depth <= MAX_DEPTH) return `${depth}:${now}`;
  throw new KuberlrError("wrapper-loop", `Cannot run "${path}": it leads back to kuberlr`, {
    hint:
      `"${path}" must be a kubectl, neither a copy of kuberlr nor a wrapper that calls "kubectl": ` +
      `remove it, or take its directory out of "SystemPath" ("kuberlr config" shows the setting)`,
  });
}

function depthOf(counter: string | undefined, now: number): number {
  const [, depth, since] = /^(\d{1,4}):(\d{1,12})$/.exec(counter ?? "") ?? [];
  // If the clock was set back, the difference is negative.
  return Math.abs(now - Number(since)) <= FORGOTTEN_AFTER_SECONDS ? Number(depth) : 0;
}
