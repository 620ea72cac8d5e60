/**
 * The `stat` commands that a launcher may call, and what each prints of a file: one line with the
 * same columns from all of them. The launcher judges the first three by one pattern.
 *
 * ```text
 * UID MODE SIZE MTIME CTIME DEVICE INODE
 * ```
 *
 * The times have nanoseconds and begin with the seconds since 1970. busybox prints whole seconds
 * for `%.9Y`, but all of `%y`, so that its times are `MTIME-IN-SECONDS MTIME CTIME`.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";

/**
 * The last part of a shortcut's name: the command that its text was written for, and the format of
 * that text.
 */
export type StatFlavor = "gnu3" | "busybox3" | "bsd3";

interface StatFormat {
  /**
   * The variable that the output depends on, set before the command. `C` has a decimal point, and
   * spares the command a tenth of a millisecond for the reading of a locale.
   */
  readonly environment: string;
  /** The arguments before the paths. */
  readonly args: readonly string[];
  /** How the mode of a private regular file is written, as a shell pattern: 0600 or 0400. */
  readonly privateFile: string;
  /** How the mode of a folder is written that not every user can write. */
  readonly closedFolder: string;
  /** How that of a folder is written in which only the owner of an entry can rename it. */
  readonly stickyFolder: string;
  readonly modeBase: 8 | 16;
}

export const STAT_FORMATS: Readonly<Record<StatFlavor, StatFormat>> = {
  gnu3: {
    environment: "LC_ALL=C",
    args: ["-L", "-c", "%u %f %s %.9Y %.9Z %d %i"],
    privateFile: "81[08]0",
    closedFolder: "4[0-7]?[014589cd]",
    stickyFolder: "4[2367]??",
    modeBase: 16,
  },
  busybox3: {
    environment: "TZ=UTC0",
    args: ["-L", "-c", "%u %f %s %Y %y %z %d %i"],
    privateFile: "81[08]0",
    closedFolder: "4[0-7]?[014589cd]",
    stickyFolder: "4[2367]??",
    modeBase: 16,
  },
  bsd3: {
    environment: "LC_ALL=C",
    args: ["-L", "-f", "%u %p %z %Fm %Fc %d %i"],
    privateFile: "100[46]00",
    closedFolder: "4[0-7]??[0145]",
    stickyFolder: "4[1357]???",
    modeBase: 8,
  },
};

export const STAT_FLAVORS = Object.keys(STAT_FORMATS) as readonly StatFlavor[];

/** Parses a line; `undefined` for a line of another kind. Times in milliseconds since the epoch. */
export function parseStatLine(line: string, flavor: StatFlavor): FileStat | undefined {
  const { modeBase } = STAT_FORMATS[flavor];
  const found = /^(\d+) ([0-9a-f]+) (\d+) (.+) (\d+) (\d+)$/.exec(line);
  if (found === null) return undefined;
  const [, uid, rawMode = "", size, times = "", dev, ino] = found;
  const [mtimeMs, ctimeMs] = parseTimes(times);
  const mode = parseInt(rawMode, modeBase);
  if (mtimeMs === undefined || ctimeMs === undefined || Number.isNaN(mode)) return undefined;
  return {
    kind: KINDS[mode >> 12] ?? "other",
    mode: mode & 0o7777,
    uid: Number(uid),
    dev: Number(dev),
    ino: Number(ino),
    size: Number(size),
    mtimeMs,
    ctimeMs,
  };
}

/** By the four bits of `S_IFMT`. */
const KINDS: Readonly<Record<number, FileStat["kind"]>> = { 4: "directory", 8: "file", 10: "link" };

/** `1795634188.868000000 …`, or busybox's `1795634701 2026-11-25 19:25:01.300831849 +0000 …`. */
function parseTimes(text: string): readonly number[] {
  const seconds = /^(\d+)\.(\d{9}) (\d+)\.(\d{9})$/.exec(text)?.slice(1);
  if (seconds !== undefined) {
    const [m, mNanos = "", c, cNanos = ""] = seconds;
    return [milliseconds(Number(m), mNanos), milliseconds(Number(c), cNanos)];
  }
  const dates = text.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000/g) ?? [];
  if (dates.join(" ") !== text.replace(/^\d+ /, "")) return [];
  return dates.map((date) =>
    milliseconds(Date.parse(`${date.slice(0, 19).replace(" ", "T")}Z`) / 1000, date.slice(20, 29))
  );
}

/** Whole milliseconds, rounded down as `FileStat` has them. */
function milliseconds(seconds: number, nanoseconds: string): number {
  return seconds * 1000 + Math.floor(Number(nanoseconds) / 1e6);
}
