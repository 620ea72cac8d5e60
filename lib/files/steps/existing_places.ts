/**
 * Finds the places that exist already. A command that was seen before looks for its memo here, so
 * this file is kept small, and temporary directories are looked at only if the home holds nothing.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import { joinPath } from "../../platform.ts";
import {
  findLayout,
  type Layout,
  layoutUnder,
  temporaryFolders,
  temporaryPlaceName,
} from "../layout.ts";
import { followPath } from "./distrust.ts";

/** Returns the places that no other user can change, in the order in which they are read. */
export function* existingPlaces(
  host: Pick<LocalHost, "env" | "files" | "platform">,
): Generator<Layout, void, void> {
  const home = findLayout(host.platform, host.env);
  if (home !== undefined) {
    const followed = followPath(home.root, "directory", host);
    if (followed.kind === "trusted" && followed.isThere) {
      yield followed.path === home.root ? home : layoutUnder(host.platform, followed.path);
    }
  }
  yield* existingTemporaryPlaces(host);
}

/** As {@linkcode existingPlaces}, but without the place in the home. */
export function* existingTemporaryPlaces(
  host: Pick<LocalHost, "env" | "files" | "platform">,
): Generator<Layout, void, void> {
  for (const folder of temporaryFolders(host.platform, host.env)) {
    const root = findTemporaryPlace(folder, host);
    if (root !== undefined) yield layoutUnder(host.platform, root);
  }
}

/**
 * Returns the user's own place in a temporary directory, if it exists. Another user can make a
 * folder of this name, but not one that belongs to this user.
 */
export function findTemporaryPlace(
  folder: string,
  host: Pick<LocalHost, "env" | "files" | "platform">,
): string | undefined {
  const { files, platform } = host;
  const userId = files.userId();
  const isWindows = platform.os === "windows";
  if (userId === undefined && !isWindows) return undefined;
  const path = joinPath(platform, folder, temporaryPlaceName(userId));
  // This comes before the folders above it: usually the place is missing, and one call is enough.
  const stat = orUndefined(() => files.lstat(path));
  if (stat?.kind !== "directory") return undefined;
  if (!isWindows && (stat.uid !== userId || stat.mode !== 0o700)) return undefined;
  const followed = followPath(path, "directory", host);
  return followed.kind === "trusted" ? followed.path : undefined;
}
