/**
 * The rule for files and folders: which of them may be read, written and run.
 *
 * A path is trusted if only the user and root can change what it leads to. So the rule looks at the
 * file, at every folder above it and at every link on the way. Files that a group can write are
 * allowed, because distributions that give every user a group of their own set such a umask.
 *
 * Windows reports neither owners nor modes. Its home folders are closed by access lists, so only
 * the rule about links is applied there.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";
import type { Platform } from "../platform.ts";

/** The position of an entry on a path: a folder above the end, or the end itself. */
export type PathPosition = "above" | "end";

/** The users whose files are trusted. */
export interface TrustedUsers {
  /** The user that kuberlr runs as; `undefined` if it is unknown. */
  readonly userId: number | undefined;
  /**
   * The owner of `/`. In a user namespace the root of the machine has another number, and may own
   * the folders above the home.
   */
  readonly systemOwner: number;
}

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o002;

/**
 * Returns why an entry on a path is not trusted, to follow the path in a sentence. `stat` is the
 * entry's own: the mode of a link has no meaning, so only its owner is checked.
 *
 * In a folder with the sticky bit, only the owner of an entry can rename it. Such a folder may be
 * above the end of a path but not the end itself: other users can add entries to it.
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
export function findFileFault(
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
