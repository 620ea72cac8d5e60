/**
 * Checks that a path can be trusted. Everything that kuberlr reads, writes or runs below a folder
 * named by a variable or a user is checked here. The rule itself is in `../trust.ts`.
 *
 * @module
 */
import { HostError, orUndefined } from "../../errors.ts";
import { folderOf } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import { findEntryFault, findFileFault, type TrustedUsers } from "../trust.ts";

/** An entry that is not trusted. `reason` follows `path` in a sentence. */
export interface Distrust {
  readonly path: string;
  readonly cause: DistrustCause;
  readonly reason: string;
}

export type DistrustCause =
  /** Another user owns the entry, or can write it. */
  | "foreign"
  /** A link that is not followed, or that leads nowhere. */
  | "link"
  /** A file in the place of a folder, or a folder in the place of a file. */
  | "wrong-kind"
  /** A folder that this user may not enter. */
  | "closed"
  /** The system does not tell what is there. */
  | "unknown";

/**
 * The end of a path. `path` is the real path if there are links on the way. The caller uses it from
 * then on, because no other user can make it lead elsewhere.
 */
export type Followed =
  | { readonly kind: "trusted"; readonly path: string; readonly isThere: boolean }
  | ({ readonly kind: "distrusted" } & Distrust);

/**
 * Follows a path and returns its end, or the first entry that another user could change. A missing
 * file is trusted if everything above it is. `wanted` is the kind that the end must have.
 */
export function followPath(
  path: string,
  wanted: "file" | "directory",
  host: Pick<Host, "files" | "platform">,
): Followed {
  const { files, platform } = host;
  try {
    const asWritten = walk(path, wanted, host);
    if (asWritten.kind === "fault") return distrusted(asWritten);
    if (!asWritten.hasLink || platform.os === "windows") {
      return { kind: "trusted", path, isThere: asWritten.end === path };
    }
    const end = files.realPath(asWritten.end);
    if (end === undefined) {
      return distrusted({
        path: asWritten.end,
        cause: "link",
        reason: "is a link that leads nowhere",
      });
    }
    const isThere = asWritten.end === path;
    const real = walk(end, isThere ? wanted : "directory", host);
    if (real.kind === "fault") return distrusted(real);
    return { kind: "trusted", path: end + path.slice(asWritten.end.length), isThere };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return distrusted(findObstacle(error, host));
  }
}

type Walk =
  /** `end` is the last entry that exists. */
  | { readonly kind: "passed"; readonly end: string; readonly hasLink: boolean }
  | ({ readonly kind: "fault" } & Distrust);

function walk(
  path: string,
  wanted: "file" | "directory",
  { files, platform }: Pick<Host, "files" | "platform">,
): Walk {
  const isWindows = platform.os === "windows";
  const users = { userId: files.userId(), systemOwner: 0 };
  let hasLink = false;
  let end = "";
  for (const entry of isWindows ? [path] : prefixesOf(path)) {
    const stat = files.lstat(entry);
    if (stat === undefined) break;
    end = entry;
    if (entry === "/") users.systemOwner = stat.uid;
    const isEnd = entry === path;
    const foreign = isWindows ? undefined : findEntryFault(stat, isEnd ? "end" : "above", users);
    const reason = findWrongKind(stat.kind, isEnd ? wanted : "directory") ?? foreign;
    if (reason !== undefined) {
      const cause = foreign === undefined ? "wrong-kind" : "foreign";
      return { kind: "fault", path: entry, cause, reason };
    }
    hasLink ||= stat.kind === "link";
  }
  return { kind: "passed", end, hasLink };
}

function findWrongKind(kind: string, wanted: "file" | "directory"): string | undefined {
  if (kind === wanted || kind === "link") return undefined;
  return wanted === "file" ? "is not a file" : "is not a folder";
}

/** Returns the path and all folders above it, from the top: `/`, `/home`, `/home/me`. */
function prefixesOf(path: string): readonly string[] {
  const prefixes = path.startsWith("/") ? ["/"] : [];
  for (let end = 0; end < path.length;) {
    const next = path.indexOf("/", end + 1);
    end = next === -1 ? path.length : next;
    if (path[end - 1] !== "/") prefixes.push(path.slice(0, end));
  }
  return prefixes;
}

function distrusted({ path, cause, reason }: Distrust): Followed {
  return { kind: "distrusted", path, cause, reason };
}

/**
 * Returns why a folder below `root` is not trusted, to follow its path in a sentence. `root` and
 * everything above it are checked as by {@linkcode followPath}; below `root`, links are refused.
 */
export function findFolderDistrust(
  folder: string,
  root: string,
  host: Pick<Host, "files" | "platform">,
): string | undefined {
  const followed = followPath(root, "directory", host);
  if (followed.kind === "distrusted") return describeDistrust(followed, root);
  return findDistrustBelowRoot(folder, root, host)?.reason;
}

/**
 * Returns the first entry below `root`, down to the folder, that is not trusted. `root` itself is
 * not checked: {@linkcode followPath} or {@linkcode findFolderDistrust} has done it.
 */
export function findDistrustBelowRoot(
  folder: string,
  root: string,
  { files, platform }: Pick<Host, "files" | "platform">,
): Distrust | undefined {
  const users: TrustedUsers = { userId: files.userId(), systemOwner: 0 };
  for (let end = root.length; end < folder.length;) {
    end += folder.slice(end + 1).search(/[\\/]|$/) + 1;
    const path = folder.slice(0, end);
    try {
      const stat = files.lstat(path);
      if (stat === undefined) return undefined;
      if (stat.kind === "link") return { path, cause: "link", reason: "is a link" };
      if (stat.kind !== "directory") {
        return { path, cause: "wrong-kind", reason: "is not a folder" };
      }
      const foreign = platform.os === "windows" ? undefined : findEntryFault(stat, "end", users);
      if (foreign !== undefined) return { path, cause: "foreign", reason: foreign };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return findObstacle(error, { files });
    }
  }
  return undefined;
}

/** Returns the entry that kept a path from being checked: the folder that cannot be entered. */
function findObstacle(
  { code, path, message }: HostError,
  { files }: Pick<Host, "files">,
): Distrust {
  const isSeen = orUndefined(() => files.lstat(path)) !== undefined;
  return code === "EACCES" && !isSeen
    ? { path: folderOf(path) || ".", cause: "closed", reason: `cannot be entered: ${message}` }
    : { path, cause: "unknown", reason: `cannot be checked: ${message}` };
}

/** Returns the reason to follow `path` in a sentence, also if the fault is in a folder above it. */
export function describeDistrust(
  { path: entry, reason }: Pick<Distrust, "path" | "reason">,
  path: string,
): string {
  return entry === path ? reason : `is in "${entry}", which ${reason}`;
}

/**
 * Returns why a file in a trusted folder is not trusted, to follow its path in a sentence;
 * `undefined` also if it is missing. A link may lead to another file of the same folder.
 */
export function findFileDistrust(
  path: string,
  folder: string,
  { platform, files }: Pick<Host, "files" | "platform">,
): string | undefined {
  try {
    const lstat = files.lstat(path);
    if (lstat === undefined) return undefined;
    const stat = files.stat(path);
    if (stat === undefined) return "is a link that leads nowhere";
    const isLink = lstat.kind === "link";
    const realPath = isLink ? files.realPath(path) : undefined;
    const realFolder = isLink ? files.realPath(folder) : undefined;
    return findFileFault({ stat, lstat, realPath, realFolder }, files.userId(), platform);
  } catch (error) {
    if (error instanceof HostError) return `cannot be checked: ${error.message}`;
    throw error;
  }
}
