/**
 * The rule for files and folders: which of them may be read, written and run.
 *
 * A path is trusted if nobody but the user and root can change what it leads to. So the rule looks
 * at the file, at every folder above it and at every link on the way. Writable by the group is
 * allowed: distributions that give every user a group of their own have a umask that makes it so.
 *
 * Windows tells neither owners nor modes. Its home folders are closed by access lists, so only the
 * rule about links is applied there.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";
import type { Platform } from "../platform.ts";

/** Where on a path an entry is: a folder above the end, or the end itself. */
export type PathPosition = "above" | "end";

/** The users whose files are trusted. */
export interface TrustedUsers {
  /** The user that kuberlr runs as; `undefined` where nobody tells. */
  readonly userId: number | undefined;
  /**
   * The owner of `/`. In a user namespace, root of the machine has another number; it may own the
   * folders above the home there.
   */
  readonly systemOwner: number;
}

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o002;

/**
 * Returns why an entry on a path is not trusted, to follow the path in a sentence. `stat` is the
 * entry's own: a link has an owner, but no mode that means anything.
 *
 * In a folder with the sticky bit, only the owner of an entry can rename it. So such a folder may
 * be above, and may not be the end: others can add entries to it.
 */
export function findEntryFault(
  stat: Pick<FileStat, "kind" | "mode" | "uid">,
  position: PathPosition,
  { userId, systemOwner }: TrustedUsers,
): string | undefined {
  const owners = position === "above" ? [userId, 0, systemOwner] : [userId, 0];
  if (userId !== undefined && !owners.includes(stat.uid)) return "belongs to another user";
  if (stat.kind === "link" || (stat.mode & WRITABLE_BY_OTHERS) === 0) return undefined;
  if (position === "above" && stat.kind === "directory" && (stat.mode & STICKY) !== 0) {
    return undefined;
  }
  return "can be written by every user";
}

/** The stats and real paths of a file in a trusted folder. */
export interface PathStats {
  /** The stat of what the path leads to. */
  readonly stat: FileStat;
  /** The path's own stat. */
  readonly lstat: FileStat;
  /** The path with every link followed, and that of the folder that it may not leave. */
  readonly realPath: string | undefined;
  readonly realFolder: string | undefined;
}

/** Returns why a file in a trusted folder is not trusted, to follow the path in a sentence. */
export function findDistrust(
  { stat, lstat, realPath, realFolder }: PathStats,
  userId: number | undefined,
  { os }: Platform,
): string | undefined {
  if (lstat.kind === "link" && !isInside(realPath, realFolder, os)) {
    return "is a link that leads out of its folder";
  }
  if (os === "windows") return undefined;
  return findEntryFault(stat, "end", { userId, systemOwner: 0 });
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
