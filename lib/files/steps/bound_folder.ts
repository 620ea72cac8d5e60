/**
 * Keeps a cache folder from growing without an end: when it holds too many files, the oldest are
 * removed.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import { joinPath } from "../../platform.ts";
import { findDistrustDown } from "./distrust.ts";

export interface Bound {
  readonly folder: string;
  /** The folder of the place that it belongs to. */
  readonly root: string;
  /** How many files may be there. */
  readonly most: number;
  /** The names of the files that kuberlr writes there. No other file is counted or removed. */
  readonly names: RegExp;
}

/** The names of files that are called by a hash, and of those that a killed process left behind. */
export const HASHED_NAMES = /^[0-9a-f]{16}\.json(?:\.\d+-[0-9a-f]{8})?$/;

/** Removes half of the files that are allowed, so that it is done rarely. */
export function boundFolder(
  { folder, root, most, names }: Bound,
  host: Pick<LocalHost, "files" | "platform">,
): void {
  const { files, platform } = host;
  const found = (orUndefined(() => files.list(folder)) ?? []).filter((name) => names.test(name));
  if (found.length <= most) return;
  if (findDistrustDown(folder, root, host) !== undefined) return;
  const byAge = found.flatMap((name) => {
    const path = joinPath(platform, folder, name);
    const stat = orUndefined(() => files.lstat(path));
    return stat?.kind === "file" ? [{ path, mtimeMs: stat.mtimeMs }] : [];
  }).toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of byAge.slice(Math.ceil(most / 2))) orUndefined(() => files.remove(path));
}
