/**
 * Looking at a path before trusting it.
 *
 * @module
 */
import { HostError } from "../errors.ts";
import type { Files } from "../host.ts";
import type { Platform } from "../platform.ts";
import { findDistrust } from "../trust.ts";

interface Ports {
  readonly platform: Platform;
  readonly files: Files;
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
