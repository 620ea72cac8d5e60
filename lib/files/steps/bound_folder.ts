/**
 * Keeps a cache folder from growing for ever: when it holds too many files, the oldest go.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import { joinPath } from "../../platform.ts";

/** Deleting by halves keeps this rare: what is left has room for as many again. */
export function boundFolder(
  folder: string,
  most: number,
  { files, platform }: Pick<LocalHost, "files" | "platform">,
): void {
  const names = orUndefined(() => files.list(folder)) ?? [];
  if (names.length <= most) return;
  const byAge = names
    .map((name) => {
      const path = joinPath(platform, folder, name);
      return { path, mtimeMs: orUndefined(() => files.lstat(path))?.mtimeMs ?? 0 };
    })
    .toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of byAge.slice(Math.ceil(most / 2))) orUndefined(() => files.remove(path));
}
