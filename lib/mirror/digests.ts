/**
 * The digests that kuberlr carries. A mirror cannot serve another file than the one that upstream
 * has published.
 *
 * This file is loaded only when a kubectl is installed.
 *
 * @module
 */
import { formatPlatform, type Platform } from "../platform.ts";
import { formatVersion, type Version } from "../version/version.ts";
import { PINNED_DIGESTS } from "./pinned_digests.ts";

/**
 * Returns the SHA-256 in lower-case hex; `undefined` for a release that the table does not have.
 */
export function findPinnedDigest(version: Version, platform: Platform): string | undefined {
  const key = `\n${formatVersion(version)} ${formatPlatform(platform).replace("-", "/")} `;
  const at = PINNED_DIGESTS.indexOf(key);
  if (at < 0) return undefined;
  const start = at + key.length;
  return PINNED_DIGESTS.slice(start, start + 64);
}
