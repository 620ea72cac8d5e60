/**
 * The `stat` command of this machine: found for the launcher, and called for a shortcut.
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

/** Where systems keep it. PATH is the user's, and may name another one in the next shell. */
const PLACES = ["/usr/bin/stat", "/bin/stat", "/run/current-system/sw/bin/stat"];

/** The first command that tells of a file what the system tells; `undefined` where none does. */
export async function findStat(
  host: Pick<Host, "files" | "processes" | "clock">,
): Promise<StatCommand | undefined> {
  for (const path of PLACES) {
    if (orUndefined(() => host.files.stat(path)) === undefined) continue;
    for (const flavor of STAT_FLAVORS) {
      const lines = await lookAt(["/"], { path, flavor }, host);
      const told = lines && parseStatLine(lines[0] ?? "", flavor);
      const known = orUndefined(() => host.files.stat("/"));
      if (told !== undefined && told.ino === known?.ino && told.dev === known.dev) {
        return { path, flavor };
      }
    }
  }
  return undefined;
}

/** One line for each path; `undefined` where the command fails, as it does for a missing path. */
export async function lookAt(
  paths: readonly string[],
  { path, flavor }: StatCommand,
  host: Pick<Host, "processes" | "clock">,
): Promise<readonly string[] | undefined> {
  const result = await host.processes.run({
    command: path,
    args: [...STAT_FORMATS[flavor].args, ...paths],
    // The launcher sees to the same.
    env: { LC_ALL: "C", TZ: "UTC0" },
    deadlineMs: host.clock.monotonicMs() + LIMIT_MS,
    maxOutputBytes: 1 << 20,
  });
  if (result.kind !== "exited" || result.status !== 0) return undefined;
  return decodeUtf8(result.stdout).replace(/\n$/, "").split("\n");
}

/** Files on a network may keep it waiting; the command that asks has been found already. */
const LIMIT_MS = 2_000;
