/**
 * Parses a Kubernetes version string. Most are the output of `git describe`, rewritten by
 * hack/lib/version.sh; vendors append suffixes.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/hack/lib/version.sh
 * @module
 */

export type VersionString =
  | ReleaseString
  /**
   * A build without a version: `v0.0.0-master+$Format:%H$`. An archive has a commit in place of the
   * placeholder.
   */
  | { readonly kind: "unstamped"; readonly commit: string | undefined; readonly dirty: boolean };

export interface ReleaseString {
  readonly kind: "release";
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** A pre-release that upstream publishes: `rc.1`. */
  readonly preRelease: string | undefined;
  /** Commits since the named tag; absent on the tag itself. */
  readonly commitsSinceTag: number | undefined;
  /** Abbreviated, as in the text. */
  readonly commit: string | undefined;
  readonly dirty: boolean;
  /** The vendor's suffix without its separator: `eks-113cf36`, `k3s1`. */
  readonly vendor: string | undefined;
}

/** Returns `undefined` for a text that is not a version. */
export function parseVersionString(text: string): VersionString | undefined {
  const trimmed = text.trim();
  const dirty = trimmed.endsWith("-dirty");
  const clean = dirty ? trimmed.slice(0, -"-dirty".length) : trimmed;
  const unstamped = /^v?0\.0\.0-master\+(.*)$/s.exec(clean)?.[1];
  if (unstamped !== undefined) {
    return { kind: "unstamped", commit: /^[0-9a-f]{7,64}$/.exec(unstamped)?.[0], dirty };
  }
  const [, major, minor, patch = "0", rest = ""] = VERSION.exec(clean) ?? [];
  if (major === undefined || minor === undefined || Number(major) < 1) return undefined;
  const { preRelease, suffix } = PRE_RELEASE.exec(rest)?.groups ?? {};
  const tail = parseSuffix(suffix ?? rest);
  if (tail === undefined) return undefined;
  return {
    kind: "release",
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    preRelease,
    ...tail,
    dirty,
  };
}

/** Returns the tag without its `v`: `1.36.0-rc.1`. */
export function formatTag({ major, minor, patch, preRelease }: ReleaseString): string {
  return `${major}.${minor}.${patch}${preRelease === undefined ? "" : `-${preRelease}`}`;
}

const VERSION = /^[vV]?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?((?:[-+].*)?)$/s;
const PRE_RELEASE = /^-(?<preRelease>(?:alpha|beta|rc)\.\d{1,9})(?<suffix>(?:[-+.].*)?)$/s;
/** Matches `.139+150247a304f2cb`, `-3+8b820db0cdf3e9`, and git's own `-3-g8b820db`. */
const DESCRIBED = /^(?<vendor>.*?)[.-](?<commits>\d{1,9})(?:\+|-g)(?<commit>[0-9a-f]{7,64})$/s;

function parseSuffix(
  suffix: string,
): Pick<ReleaseString, "commitsSinceTag" | "commit" | "vendor"> | undefined {
  if (suffix === "") return { commitsSinceTag: undefined, commit: undefined, vendor: undefined };
  if (!/^[-+.0-9A-Za-z_~]+$/.test(suffix)) return undefined;
  const described = DESCRIBED.exec(suffix)?.groups;
  if (described !== undefined) {
    return {
      commitsSinceTag: Number(described["commits"]),
      commit: described["commit"],
      vendor: described["vendor"]?.slice(1) || undefined,
    };
  }
  // OpenShift's versions, and those described without a count.
  const commit = /^\+([0-9a-f]{7,64})$/.exec(suffix)?.[1];
  return {
    commitsSinceTag: undefined,
    commit,
    vendor: commit === undefined ? suffix.slice(1) || undefined : undefined,
  };
}
