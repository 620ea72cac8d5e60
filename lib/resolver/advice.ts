/**
 * Advises on the installed kubectls if none of them may be chosen: the one nearest to the server,
 * its distance, and the command that runs it anyway.
 *
 * @module
 */
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Binary } from "../kubectls/binaries.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Platform } from "../platform.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";

/**
 * Returns a sentence without its full stop; `undefined` if no kubectl is installed. `elsewhere` is
 * the path of a kubectl whose version is not in its name.
 */
export function adviseInstalled(
  server: KnownVersion,
  binaries: readonly Binary[],
  elsewhere: string | undefined,
  { os }: Platform,
): string | undefined {
  const nearest = findNearestBinary(server, binaries);
  if (nearest === undefined && elsewhere === undefined) return undefined;
  const value = nearest === undefined ? elsewhere ?? "" : formatVersion(nearest.version);
  const what = nearest === undefined
    ? `"${elsewhere}" is installed, but its name does not tell its version`
    : `kubectl ${value} is installed${describeDistance(nearest.version, server)}`;
  return `${what}; to run it anyway: ${commandWith(value, os)}`;
}

/** Returns the kubectl with the fewest minors between it and the server; of several, the newest. */
function findNearestBinary(
  server: KnownVersion,
  binaries: readonly Binary[],
): Binary | undefined {
  const distance = ({ version }: Binary) =>
    server.source === "unknown" ? 0 : Math.abs(distanceOf(version, server.version));
  return binaries.toSorted((a, b) =>
    distance(a) - distance(b) || compareVersions(b.version, a.version)
  )[0];
}

/** Returns the distance in minors. Another major is farther than any minor. */
function distanceOf(version: Version, server: Version): number {
  return (version.major - server.major) * 10_000 + version.minor - server.minor;
}

function describeDistance(version: Version, server: KnownVersion): string {
  if (server.source === "unknown") return "";
  const text = formatVersion(server.version);
  if (version.major !== server.version.major) return `, of another major than the server's ${text}`;
  const distance = version.minor - server.version.minor;
  if (distance === 0) return `, of the minor of the server's ${text}`;
  const minors = Math.abs(distance) === 1 ? "one minor" : `${Math.abs(distance)} minors`;
  return `, ${minors} ${distance > 0 ? "newer" : "older"} than the server's ${text}`;
}

/** Returns the command that runs any kubectl command with this kubectl: a version or a path. */
export function commandWith(kubectl: string, os: Platform["os"]): string {
  if (os === "windows") return `$env:KUBERLR_KUBECTL = "${kubectl}"`;
  return `KUBERLR_KUBECTL=${quoteShellWord(kubectl)} kubectl …`;
}
