/**
 * Advice on the installed kubectls where none of them may be chosen: the one nearest to the server,
 * its distance from the server, and the command that runs it all the same.
 *
 * @module
 */
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Binary } from "../kubectls/binaries.ts";
import type { Platform } from "../platform.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";

/**
 * Returns a sentence without its full stop. `elsewhere`: a kubectl in PATH whose version its name
 * does not tell. `undefined` where there is neither.
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

/** Nearest by minors, of equally near ones the newest. */
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

/** In minors; another major is farther than any minor. */
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

/** The command that runs any kubectl command with this kubectl: a version or a path. */
export function commandWith(kubectl: string, os: Platform["os"]): string {
  if (os === "windows") return `$env:KUBERLR_KUBECTL = "${kubectl}"`;
  const value = /^[\w./-]+$/.test(kubectl) ? kubectl : `'${kubectl.replaceAll("'", `'\\''`)}'`;
  return `KUBERLR_KUBECTL=${value} kubectl …`;
}
