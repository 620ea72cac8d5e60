/**
 * Finds and runs the `stat` command of this machine, as the launcher runs it.
 *
 * @module
 */
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { parseStatLine, STAT_FLAVORS, STAT_FORMATS, type StatFlavor } from "../stat_format.ts";

export interface StatCommand {
  /** Absolute. */
  readonly path: string;
  readonly flavor: StatFlavor;
}

/** The paths that systems have it under. PATH may lead to another one in the next shell. */
const PLACES = ["/usr/bin/stat", "/bin/stat", "/run/current-system/sw/bin/stat"];

/** Returns the first command that reports a file as the system does; `undefined` without one. */
export async function findStat(
  host: Pick<Host, "files" | "processes" | "clock">,
): Promise<StatCommand | undefined> {
  for (const path of PLACES) {
    if (orUndefined(() => host.files.stat(path)) === undefined) continue;
    for (const flavor of STAT_FLAVORS) {
      const lines = await runStat(["/"], { path, flavor }, host);
      const told = lines && parseStatLine(lines[0] ?? "", flavor);
      const known = orUndefined(() => host.files.stat("/"));
      if (told !== undefined && told.ino === known?.ino && told.dev === known.dev) {
        return { path, flavor };
      }
    }
  }
  return undefined;
}

/** Returns one line for each path; `undefined` if the command fails, as for a missing path. */
export async function runStat(
  paths: readonly string[],
  { path, flavor }: StatCommand,
  host: Pick<Host, "processes" | "clock">,
): Promise<readonly string[] | undefined> {
  const result = await host.processes.run({
    command: path,
    args: [...STAT_FORMATS[flavor].args, ...paths],
    // The launcher sets the variable that its command depends on.
    env: { LC_ALL: "C", TZ: "UTC0" },
    deadlineMs: host.clock.monotonicMs() + LIMIT_MS,
    maxOutputBytes: 1 << 20,
  });
  if (result.kind !== "exited" || result.status !== 0) return undefined;
  return decodeUtf8(result.stdout).replace(/\n$/, "").split("\n");
}

/** A network file system may be slow, and the user's command waits. */
const LIMIT_MS = 2_000;
