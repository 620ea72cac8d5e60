/**
 * Says why each installed kubectl was or was not chosen, for `kuberlr explain`.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Pin } from "../config/keys.ts";
import type { Binary } from "../kubectls/binaries.ts";
import { isInWindow, type Minor, type Window } from "../version/skew.ts";
import { compareVersions, formatVersion, isSameVersion, type Version } from "../version/version.ts";
import { parseWanted, satisfies } from "../version/wanted.ts";
import type { FitRule } from "./fit.ts";

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
  /** The rules by which a kubectl fits the server; none if no server decides. */
  readonly rules: readonly FitRule[];
}

export function describeCandidates(
  binaries: readonly Binary[],
  chosen: Binary | undefined,
  limits: Limits,
): readonly Candidate[] {
  return binaries.map((binary) => ({ ...binary, verdict: verdictOf(binary, chosen, limits) }));
}

function verdictOf(binary: Binary, chosen: Binary | undefined, limits: Limits): string {
  const { version } = binary;
  const { pin, window, oldest, match, rules } = limits;
  if (binary === chosen) return "taken";
  if (chosen !== undefined && isSameVersion(version, chosen.version)) {
    return "the same version is taken from another folder";
  }
  // A pin is obeyed regardless of the settings below.
  if (pin !== undefined) {
    const wanted = parseWanted(pin.kubectl);
    return wanted !== undefined && satisfies(version, wanted)
      ? "a newer one fits the pin"
      : "not the pinned kubectl";
  }
  if (oldest !== undefined && compareVersions(version, oldest) < 0) {
    return `older than MinVersion (${formatVersion(oldest)})`;
  }
  const fits = ({ version }: Binary) => rules.some(({ accepts }) => accepts(version));
  if (fits(binary)) return "another fits better";
  if (chosen !== undefined && !fits(chosen)) {
    return compareVersions(version, chosen.version) < 0
      ? "older than the one taken"
      : "not the one that was last used with this server";
  }
  if (window !== undefined && !isInWindow(version, window)) {
    const isOlder = compareVersions(version, firstOf(window.oldest)) < 0;
    return `outside the skew window: too ${isOlder ? "old" : "new"}`;
  }
  return `not the server's ${match === "minor" ? "minor" : "release"} (Match = "${match}")`;
}

function firstOf({ major, minor }: Minor): Version {
  return { major, minor, patch: 0, prerelease: [], build: [] };
}
