/**
 * What kubectl somebody asks for, before a mirror has been asked which release that is.
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
 * What is to be fetched: this release, or the newest patch of a minor, or the mirror's
 * `stable.txt`.
 */
export type Wanted =
  | { readonly kind: "exact"; readonly version: Version }
  | { readonly kind: "minor"; readonly minor: Minor }
  | { readonly kind: "stable" };

/** `1.30.2` exactly, `1.30` any patch. `undefined` for anything else. */
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

/** `1.30.2`, `1.30`, `stable`. */
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

/** In a sentence: `kubectl 1.30.2`, `the stable kubectl`. */
export function nameOfWanted(wanted: Wanted): string {
  return wanted.kind === "stable" ? "the stable kubectl" : `kubectl ${formatWanted(wanted)}`;
}

/** Whether a kubectl at hand is what is wanted; nothing is known to be the mirror's stable. */
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

/** The oldest release that is meant; `undefined` where only the mirror knows. */
export function oldestOf(wanted: Wanted): Version | undefined {
  return wanted.kind === "exact"
    ? wanted.version
    : wanted.kind === "minor"
    ? parseVersion(formatMinor(wanted.minor))
    : undefined;
}
