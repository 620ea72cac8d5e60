/**
 * Lists the releases to ask a mirror for, in order. Vendors have patches that upstream never
 * published (1.27.101 of AKS LTS), and pre-releases disappear. Then any patch of that minor is
 * taken, or else of the minor before.
 *
 * @module
 */
import type { Minor } from "../version/skew.ts";
import { compareVersions, parseVersion, type Version } from "../version/version.ts";
import type { Wanted } from "../version/wanted.ts";

/** A release by its number, or the one that a marker names: `stable-1.30.txt` or `stable.txt`. */
export type Release =
  | { readonly kind: "exact"; readonly version: Version }
  | { readonly kind: "marker"; readonly minor: Minor | undefined };

/**
 * Returns the releases to ask for. `substitute`: another patch may replace an exact version that no
 * mirror has.
 */
export function planReleases(wanted: Wanted, substitute: boolean): readonly Release[] {
  switch (wanted.kind) {
    case "stable":
      return [{ kind: "marker", minor: undefined }];
    case "minor":
      return [{ kind: "marker", minor: wanted.minor }, firstOf(wanted.minor)];
    case "exact": {
      const exact: Release = { kind: "exact", version: wanted.version };
      if (!substitute) return [exact];
      const { major, minor } = wanted.version;
      const first = firstOf({ major, minor });
      return [
        exact,
        { kind: "marker", minor: { major, minor } },
        ...(compareVersions(first.version, wanted.version) === 0 ? [] : [first]),
        ...(minor > 0 ? [{ kind: "marker", minor: { major, minor: minor - 1 } }] as const : []),
      ];
    }
  }
}

function firstOf({ major, minor }: Minor): Extract<Release, { kind: "exact" }> {
  return { kind: "exact", version: parseVersion(`${major}.${minor}.0`) as Version };
}
