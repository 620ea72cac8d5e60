/**
 * The `stat` commands that a launcher may call, and the formats by which all print the same columns
 * for a file. The launcher compares the first three with one pattern.
 *
 * ```text
 * UID MODE SIZE MTIME CTIME DEVICE INODE
 * ```
 *
 * The times are seconds since the epoch, with nanoseconds. busybox prints only whole seconds for
 * `%.9Y`, but prints nanoseconds for `%y`, so its times are `MTIME-IN-SECONDS MTIME CTIME`.
 *
 * @module
 */
import { kindOf } from "../files/kind.ts";
import type { FileStat } from "../ports/files.ts";

/** The extension of a shortcut's name: the command that it was written for, and its format. */
export type StatFlavor = "gnu3" | "busybox3" | "bsd3";

interface StatFormat {
  /**
   * The assignment before the command. The output depends on the variable. `C` has a decimal point,
   * and saves a tenth of a millisecond, because no locale is read.
   */
  readonly environment: string;
  /**
   * The arguments before the paths. The launcher takes paths from a shortcut that it does not trust
   * yet, so `--` keeps them from being options.
   */
  readonly args: readonly string[];
  /** A shell pattern for the mode of a private regular file: 0600 or 0400. */
  readonly privateFile: string;
  /** A shell pattern for the mode of a folder that not every user can write. */
  readonly closedFolder: string;
  /** A shell pattern for the mode of a sticky folder, where only an entry's owner can rename it. */
  readonly stickyFolder: string;
  readonly modeBase: 8 | 16;
}

export const STAT_FORMATS: Readonly<Record<StatFlavor, StatFormat>> = {
  gnu3: {
    environment: "LC_ALL=C",
    args: ["-L", "-c", "%u %f %s %.9Y %.9Z %d %i", "--"],
    privateFile: "81[08]0",
    closedFolder: "4[0-7]?[014589cd]",
    stickyFolder: "4[2367]??",
    modeBase: 16,
  },
  busybox3: {
    environment: "TZ=UTC0",
    args: ["-L", "-c", "%u %f %s %Y %y %z %d %i", "--"],
    privateFile: "81[08]0",
    closedFolder: "4[0-7]?[014589cd]",
    stickyFolder: "4[2367]??",
    modeBase: 16,
  },
  bsd3: {
    environment: "LC_ALL=C",
    args: ["-L", "-f", "%u %p %z %Fm %Fc %d %i", "--"],
    privateFile: "100[46]00",
    closedFolder: "4[0-7]??[0145]",
    stickyFolder: "4[1357]???",
    modeBase: 8,
  },
};

export const STAT_FLAVORS = Object.keys(STAT_FORMATS) as readonly StatFlavor[];

/** Parses a line; returns `undefined` for a line in another format. */
export function parseStatLine(line: string, flavor: StatFlavor): FileStat | undefined {
  const { modeBase } = STAT_FORMATS[flavor];
  const found = /^(\d+) ([0-9a-f]+) (\d+) (.+) (\d+) (\d+)$/.exec(line);
  if (found === null) return undefined;
  const [, uid, rawMode = "", size, times = "", dev, ino] = found;
  const [mtimeMs, ctimeMs] = parseTimes(times);
  const mode = parseInt(rawMode, modeBase);
  if (mtimeMs === undefined || ctimeMs === undefined || Number.isNaN(mode)) return undefined;
  return {
    kind: kindOf(mode),
    mode: mode & 0o7777,
    uid: Number(uid),
    dev: Number(dev),
    ino: Number(ino),
    size: Number(size),
    mtimeMs,
    ctimeMs,
  };
}

/**
 * Returns mtime and ctime of `1795634188.868000000 …`, or of busybox's `1795634701 2026-11-25
 * 19:25:01.300831849 +0000 …`; nothing for other texts.
 */
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

/** Returns whole milliseconds, rounded down as in `FileStat`. */
function milliseconds(seconds: number, nanoseconds: string): number {
  return seconds * 1000 + Math.floor(Number(nanoseconds) / 1e6);
}
