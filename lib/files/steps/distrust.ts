/**
 * Looking at a path before trusting it.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";
import { HostError } from "../../errors.ts";
import type { Platform } from "../../platform.ts";
import { findDistrust } from "../trust.ts";

interface Ports {
  readonly platform: Platform;
  readonly files: Files;
}

/**
 * As {@linkcode findDistrustOf}, of a folder under `root`, with `root` itself and every folder on the way: a link half-way
 * down leads out as well as one at the end.
 */
export function findDistrustDown(
  folder: string,
  root: string,
  ports: Ports,
): string | undefined {
  const distrust = findDistrustOf(root, undefined, ports);
  if (distrust !== undefined) return distrust;
  for (let end = root.length; end !== -1;) {
    end = folder.slice(end + 1).search(/[\\/]|$/) + end + 1;
    const found = findDistrustOf(folder.slice(0, end), root, ports);
    if (found !== undefined) return found;
    if (end >= folder.length) break;
  }
  return undefined;
}

/**
 * Why not to trust what is there, to follow the path in a sentence; `undefined` for nothing against it, and for
 * nothing there. `folder`: what a link may not leave; `undefined`: it may lead anywhere.
 */
export function findDistrustOf(
  path: string,
  folder: string | undefined,
  { platform, files }: Ports,
): string | undefined {
  try {
    const lstat = files.lstat(path);
    const stat = files.stat(path);
    if (lstat === undefined) return undefined;
    if (stat === undefined) return "is a link that leads nowhere";
    const isLink = lstat.kind === "link";
    const realPath = isLink && folder !== undefined ? files.realPath(path) : undefined;
    const realFolder = isLink && folder !== undefined ? files.realPath(folder) : undefined;
    return findDistrust(
      { stat, lstat: folder === undefined ? stat : lstat, realPath, realFolder },
      files.userId(),
      platform,
    );
  } catch (error) {
    if (error instanceof HostError) return `cannot be looked at: ${error.message}`;
    throw error;
  }
}
