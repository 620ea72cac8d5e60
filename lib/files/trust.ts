/**
 * Whose files may be run and written. What another user can change is not ours, whatever its name: it is skipped, and
 * the reason said. Links are followed only as far as they stay in the folder they are in.
 *
 * Writable by the group is let pass: distributions with a group for every user have a umask that makes it so.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";
import type { Platform } from "../platform.ts";

/** What is known of a path. */
export interface Standing {
  /** What it leads to. */
  readonly stat: FileStat;
  /** Its own. */
  readonly lstat: FileStat;
  /** With every link followed, and that of the folder which it may not leave. */
  readonly realPath: string | undefined;
  readonly realFolder: string | undefined;
}

/** Why not to trust it, to follow the path in a sentence; `undefined` if there is nothing against it. */
export function findDistrust(
  { stat, lstat, realPath, realFolder }: Standing,
  userId: number | undefined,
  { os }: Platform,
): string | undefined {
  if (lstat.kind === "link" && !isInside(realPath, realFolder, os)) {
    return "is a link that leads out of its folder";
  }
  // Windows has no such numbers; its home folders are closed to others by their own lists.
  if (os === "windows") return undefined;
  if (userId !== undefined && stat.uid !== userId && stat.uid !== 0) {
    return "belongs to another user";
  }
  if ((stat.mode & 0o002) !== 0) return "can be written by every user";
  return undefined;
}

function isInside(
  path: string | undefined,
  folder: string | undefined,
  os: Platform["os"],
): boolean {
  if (path === undefined || folder === undefined) return false;
  const separator = os === "windows" ? "\\" : "/";
  return path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}
