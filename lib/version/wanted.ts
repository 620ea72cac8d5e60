/**
 * The kubectl that is wanted, before a mirror has been asked which release that is.
 *
 * @module
 */
import type { Minor } from "./skew.ts";
import {
  formatMinor,
  formatVersion,
  isSameVersion,
  parseVersion,
  type Version,
} from "./version.ts";

/**
 * An exact release, the newest patch of a minor, or the release in the mirror's `stable.txt`.
 */
export type Wanted =
  | { readonly kind: "exact"; readonly version: Version }
  | { readonly kind: "minor"; readonly minor: Minor }
  | { readonly kind: "stable" };

/**
 * Parses `1.30.2` (an exact release), `1.30` (its newest patch) and `stable`. Returns `undefined`
 * for other texts.
 */
export function parseWanted(text: string): Wanted | undefined {
  if (text === "stable") return { kind: "stable" };
  const version = /^v?\d+\.\d+(\.\d+(-(alpha|beta|rc)\.\d+)?)?$/.test(text)
    ? parseVersion(text)
    : undefined;
  if (version === undefined) return undefined;
  return /^v?\d+\.\d+$/.test(text)
    ? { kind: "minor", minor: { major: version.major, minor: version.minor } }
    : { kind: "exact", version };
}

/** Returns `1.30.2`, `1.30` or `stable`. */
export function formatWanted(wanted: Wanted): string {
  switch (wanted.kind) {
    case "exact":
      return formatVersion(wanted.version);
    case "minor":
      return formatMinor(wanted.minor);
    case "stable":
      return "stable";
  }
}

/** Returns a name for sentences: `kubectl 1.30.2`, `the stable kubectl`. */
export function nameOfWanted(wanted: Wanted): string {
  return wanted.kind === "stable" ? "the stable kubectl" : `kubectl ${formatWanted(wanted)}`;
}

/**
 * Returns true if an installed kubectl is the wanted one. It is false for `stable`: only the mirror
 * knows that release.
 */
export function satisfies(version: Version, wanted: Wanted): boolean {
  switch (wanted.kind) {
    case "exact":
      return isSameVersion(version, wanted.version);
    case "minor":
      return version.major === wanted.minor.major && version.minor === wanted.minor.minor;
    case "stable":
      return false;
  }
}

/** Returns the oldest release that fits; `undefined` if only the mirror knows it. */
export function oldestOf(wanted: Wanted): Version | undefined {
  return wanted.kind === "exact"
    ? wanted.version
    : wanted.kind === "minor"
    ? parseVersion(formatMinor(wanted.minor))
    : undefined;
}
