/**
 * Parses, compares and formats Kubernetes versions.
 *
 * Vendors append suffixes to `gitVersion` (`-gke.1282001`, `-eks-5e0fdde`, `+k3s1`), and semver
 * takes `1.33.5-eks-1` for a pre-release below 1.33.5. So every suffix is cut off, except a
 * pre-release that upstream publishes: `-alpha.N`, `-beta.N`, `-rc.N`, with nothing after it.
 *
 * @module
 */
import { compare, format, parse, type SemVer } from "@std/semver";

export type Version = SemVer;

const GIT_VERSION = /^[vV]?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?!\d)(.*)$/s;
const UPSTREAM_PRE_RELEASE = /^-(?:alpha|beta|rc)\.\d{1,9}$/;

/** Returns the upstream release of a `gitVersion`; `undefined` for a text that is not a version. */
export function parseVersion(gitVersion: string): Version | undefined {
  const [, major, minor, patch = "0", rest = ""] = GIT_VERSION.exec(gitVersion) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const preRelease = UPSTREAM_PRE_RELEASE.test(rest) ? rest : "";
  const version = parse(`${Number(major)}.${Number(minor)}.${Number(patch)}${preRelease}`);
  return version.major >= 1 ? version : undefined;
}

/** Formats a version as in file names: `1.30.2`. */
export function formatVersion(version: Version): string {
  return format(version);
}

/** Returns for example `1.30`. */
export function formatMinor({ major, minor }: Pick<Version, "major" | "minor">): string {
  return `${major}.${minor}`;
}

/** Compares by semver, for sorting the oldest first. */
export function compareVersions(a: Version, b: Version): number {
  return compare(a, b);
}

export function isSameVersion(a: Version, b: Version): boolean {
  return compare(a, b) === 0;
}
