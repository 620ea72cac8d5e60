/**
 * Describes this build in the form that Kubernetes uses. A checkout knows the version that it will
 * become; an archive made by `git archive` also knows its commit; tools/stamp.ts fills in the
 * single file and with it the compiled executables.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/component-base/version/base.go
 * @module
 */

export interface BuildInfo {
  /** `v1.2.3`, `v1.2.3-4+0123456789abcd-dirty`; `v1.2.3-dev+0123456789abcd` without a tag. */
  readonly gitVersion: string;
  /** Empty if it is unknown. */
  readonly gitCommit: string;
  readonly gitTreeState: "clean" | "dirty" | "archive" | "";
  /** UTC, `2026-11-21T07:30:00Z`. */
  readonly buildDate: string;
}

/**
 * A single string, so that no bundler splits it: tools/stamp.ts replaces it in the text. The
 * version equals the one in deno.json.
 */
const STAMP = "kuberlr-stamp|v0.1.0-dev|$Format:%H$||1970-01-01T00:00:00Z";

export const BUILD_INFO: BuildInfo = parseStamp(STAMP);

export function parseStamp(stamp: string): BuildInfo {
  const [, version = "", commit = "", treeState = "", buildDate = ""] = stamp.split("|");
  const gitTreeState = treeState === "clean" || treeState === "dirty" || treeState === "archive"
    ? treeState
    : "";
  // `git archive` fills in the commit; elsewhere its placeholder is left.
  const gitCommit = commit.startsWith("$") ? "" : commit;
  const gitVersion = gitTreeState === "" ? untaggedVersion(version, gitCommit) : version;
  return { gitVersion, gitCommit, gitTreeState, buildDate };
}

/** `v1.2.3-dev` becomes `v1.2.3-dev+0123456789abcd`, with as many digits as version.sh takes. */
export function untaggedVersion(version: string, gitCommit: string): string {
  const [base = ""] = version.split("+");
  return gitCommit === "" ? base : `${base}+${gitCommit.slice(0, 14)}`;
}

export function formatStamp(info: BuildInfo): string {
  return ["kuberlr-stamp", info.gitVersion, info.gitCommit, info.gitTreeState, info.buildDate]
    .join("|");
}

/** Returns true if a build step has filled in the stamp. */
export function isStamped({ gitTreeState }: BuildInfo): boolean {
  return gitTreeState !== "";
}

/**
 * Splits a version as Kubernetes' hack/lib/version.sh does: the minor gets a `+` if a suffix with a
 * dash follows the patch. Returns empty strings for an unstamped build.
 */
export function splitVersion(
  gitVersion: string,
): { readonly major: string; readonly minor: string } {
  const [, major = "", minor = "", , more] =
    /^v(\d+)\.(\d+)(\.\d+)?(-.*)?(\+.*)?$/.exec(gitVersion) ?? [];
  return major === "0" && minor === "0" ? { major: "", minor: "" } : {
    major,
    minor: `${minor}${more === undefined ? "" : "+"}`,
  };
}
