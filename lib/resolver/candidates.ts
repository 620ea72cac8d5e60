/**
 * Why each installed kubectl was or was not taken: the verdicts that `kuberlr explain` prints.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Binary } from "../kubectls/binaries.ts";
import { isInWindow, type Minor, type Window } from "../version/skew.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";

/** A kubectl that was looked at, and why it was or was not taken. */
export interface Candidate extends Binary {
  readonly verdict: string;
  /** It must not be run: others can write it, or it is no longer what was installed. */
  readonly isDistrusted?: true;
}

export interface Limits {
  /** `undefined` for a server whose version is unknown. */
  readonly window: Window | undefined;
  /** From `MinVersion`. */
  readonly oldest: Version | undefined;
  readonly match: Config["match"];
}

export function describeCandidates(
  binaries: readonly Binary[],
  chosen: Binary | undefined,
  { window, oldest, match }: Limits,
): readonly Candidate[] {
  return binaries.map((binary) => {
    const { version } = binary;
    if (binary === chosen) return { ...binary, verdict: "taken" };
    if (oldest !== undefined && compareVersions(version, oldest) < 0) {
      return { ...binary, verdict: `older than MinVersion (${formatVersion(oldest)})` };
    }
    if (window !== undefined && !isInWindow(version, window)) {
      const older = compareVersions(version, firstOf(window.oldest)) < 0;
      return { ...binary, verdict: `outside the skew window: too ${older ? "old" : "new"}` };
    }
    if (chosen !== undefined) return { ...binary, verdict: "another fits better" };
    return {
      ...binary,
      verdict: window === undefined || match === "window" ? "not wanted" : `Match = "${match}"`,
    };
  });
}

function firstOf({ major, minor }: Minor): Version {
  return { major, minor, patch: 0, prerelease: [], build: [] };
}
