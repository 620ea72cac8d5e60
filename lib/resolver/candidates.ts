/**
 * Says why each installed kubectl was or was not chosen, for `kuberlr explain`.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Pin } from "../config/keys.ts";
import type { Binary } from "../kubectls/binaries.ts";
import { isInWindow, type Minor, type Window } from "../version/skew.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";

/** An installed kubectl, and the reason why it was or was not chosen. */
export interface Candidate extends Binary {
  readonly verdict: string;
  /**
   * Set if it must not be run: another user can change it, or it is no longer what was installed.
   */
  readonly isDistrusted?: true;
}

export interface Limits {
  readonly pin: Pin | undefined;
  /** The skew window; `undefined` if the server's version is unknown. */
  readonly window: Window | undefined;
  /** The oldest version that `MinVersion` allows. */
  readonly oldest: Version | undefined;
  readonly match: Config["match"];
}

export function describeCandidates(
  binaries: readonly Binary[],
  chosen: Binary | undefined,
  { pin, window, oldest, match }: Limits,
): readonly Candidate[] {
  return binaries.map((binary) => {
    const { version } = binary;
    if (binary === chosen) return { ...binary, verdict: "taken" };
    // A pin is obeyed regardless of the settings below.
    if (pin !== undefined) return { ...binary, verdict: "not the pinned kubectl" };
    if (oldest !== undefined && compareVersions(version, oldest) < 0) {
      return { ...binary, verdict: `older than MinVersion (${formatVersion(oldest)})` };
    }
    if (window !== undefined && !isInWindow(version, window)) {
      const older = compareVersions(version, firstOf(window.oldest)) < 0;
      return { ...binary, verdict: `outside the skew window: too ${older ? "old" : "new"}` };
    }
    const verdict = chosen === undefined ? `Match = "${match}"` : "another fits better";
    return { ...binary, verdict };
  });
}

function firstOf({ major, minor }: Minor): Version {
  return { major, minor, patch: 0, prerelease: [], build: [] };
}
