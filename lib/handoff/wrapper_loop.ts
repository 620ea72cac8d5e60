/**
 * When kuberlr has been led back to itself. What it runs may be a copy of kuberlr or a wrapper that
 * looks for `kubectl` in PATH; neither is told by device and inode, and each round costs a process
 * or a lifetime. So a counter travels in the environment, and a loop ends with an error.
 *
 * It travels only where it may be needed: a kubectl that kuberlr keeps in its own folder leads
 * nowhere, gets none, and loses one that came along. Everything else (`SystemPath`, a pinned path,
 * a script, a link) gets it.
 *
 * Plugins call kubectl again, and shells within shells do: these are not loops. Time tells them
 * apart, not ancestry: a wrapper may put `sh -c`, `env` or `timeout` between itself and us, but
 * it never waits a minute.
 *
 * @module
 */
import { KuberlrError } from "../errors.ts";

/** `DEPTH:SECONDS`, the second of the epoch when it was written. */
export const LOOP_VARIABLE = "KUBERLR_DEPTH";

/** rustup found 5 too tight and took 20. */
const MAX_DEPTH = 20;
const FORGOTTEN_AFTER_SECONDS = 60;

/**
 * Kubectls have 20 to 60 MB, scripts much less, Deno programs more: beyond these bounds it may be
 * kuberlr or a wrapper.
 */
const KUBECTL_BYTES = { least: 1 << 20, most: 64 << 20 } as const;

/** Whether a file of kuberlr's own folder may be taken for a kubectl without looking inside. */
export function hasSizeOfKubectl(bytes: number): boolean {
  return bytes >= KUBECTL_BYTES.least && bytes <= KUBECTL_BYTES.most;
}

/**
 * The counter for the program about to run, from the one that came along.
 *
 * @throws KuberlrError `wrapper-loop` when there have been too many hand-offs without a pause.
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
  // A clock that was set back makes the time between negative: it counts by its size.
  return Math.abs(now - Number(since)) <= FORGOTTEN_AFTER_SECONDS ? Number(depth) : 0;
}
