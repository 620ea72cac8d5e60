/**
 * Limits the size of a cache folder: if it holds too many files, the oldest are removed.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import { joinPath } from "../../platform.ts";
import { findFolderDistrust } from "./distrust.ts";

export interface Bound {
  readonly folder: string;
  /** The folder of the place that the cache folder belongs to. */
  readonly root: string;
  /** The number of files that the folder may hold. */
  readonly most: number;
  /**
   * Matches the names of the files that kuberlr writes there. Other files are not counted and not
   * removed.
   */
  readonly names: RegExp;
}

/** Matches file names that are a hash, and temporary files that a killed process left behind. */
export const HASHED_NAMES = /^[0-9a-f]{16}\.json(?:\.\d+-[0-9a-f]{8})?$/;

/** Removes files until half of the allowed number is left, so that this is rarely needed. */
export function boundFolder(
  { folder, root, most, names }: Bound,
  host: Pick<LocalHost, "files" | "platform">,
): void {
  const { files, platform } = host;
  const found = (orUndefined(() => files.list(folder)) ?? []).filter((name) => names.test(name));
  if (found.length <= most) return;
  if (findFolderDistrust(folder, root, host) !== undefined) return;
  const byAge = found.flatMap((name) => {
    const path = joinPath(platform, folder, name);
    const stat = orUndefined(() => files.lstat(path));
    return stat?.kind === "file" ? [{ path, mtimeMs: stat.mtimeMs }] : [];
  }).toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of byAge.slice(Math.ceil(most / 2))) orUndefined(() => files.remove(path));
}
