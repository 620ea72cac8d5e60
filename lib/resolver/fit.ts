/**
 * Decides which kubectls fit a server, by the settings `Match` and `MinVersion`.
 *
 * @module
 */
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Config } from "../config/config.ts";
import { SKEW_DISTANCES, type SkewDistance } from "../version/skew.ts";
import { compareVersions, formatMinor, formatVersion, type Version } from "../version/version.ts";
import { formatWanted, oldestOf, parseWanted, satisfies, type Wanted } from "../version/wanted.ts";

/** The kubectl that a server needs. */
export interface Fit {
  /**
   * The release that kubectl is chosen for: the server's, or `MinVersion` if the server reports an
   * older one.
   */
  readonly version: Version;
  /** The kubectl to download for it. */
  readonly wanted: Wanted;
  readonly warning: string | undefined;
}

/** Returns `undefined` for a server whose version is unknown. */
export function fitFor(server: KnownVersion, minimum: Wanted | undefined): Fit | undefined {
  if (server.source === "unknown") return undefined;
  const { version } = server;
  const oldest = minimum === undefined ? undefined : oldestOf(minimum);
  if (minimum === undefined || oldest === undefined || compareVersions(version, oldest) >= 0) {
    return { version, wanted: { kind: "exact", version }, warning: undefined };
  }
  return {
    version: oldest,
    wanted: minimum,
    warning: `The server says that it runs ${formatVersion(version)}, and MinVersion allows no ` +
      `kubectl older than ${formatWanted(minimum)}`,
  };
}

export interface FitRule {
  readonly accepts: (version: Version) => boolean;
  readonly reason: string;
}

/**
 * Returns the rules by which an installed kubectl is chosen, best first. A rule takes the newest
 * kubectl that it accepts. `missing` is the part that the mirrors do not have.
 */
export function fitRules(
  { version: server, wanted }: Fit,
  match: Config["match"],
  missing: "release" | "minor" | undefined,
): readonly FitRule[] {
  const text = formatVersion(server);
  const ofMinor = (distance: SkewDistance): FitRule => ({
    accepts: ({ major, minor }) => major === server.major && minor === server.minor + distance,
    reason: `${DISTANCE_NAMES[distance]} (server ${text}), the newest installed`,
  });
  switch (match) {
    case "window":
      return SKEW_DISTANCES.map(ofMinor);
    case "minor":
      return [ofMinor(0)];
    case "patch":
      return [
        {
          accepts: (version) => satisfies(version, wanted),
          reason: `the server's own release (server ${text})`,
        },
        ...(missing === undefined ? [] : [ofMinor(0)]),
      ];
  }
}

const DISTANCE_NAMES: Readonly<Record<SkewDistance, string>> = {
  [0]: "the server's own minor",
  [1]: "one minor newer than the server",
  [-1]: "one minor older than the server",
};

/**
 * Returns a clause that says why a release must not be downloaded for a server; `undefined` if it
 * may. A mirror may name any release as its stable one, and if it lacks a release, it offers
 * another.
 */
export function findMisfit(
  version: Version,
  wanted: Wanted,
  { match, minVersion }: Pick<Config, "match" | "minVersion">,
): string | undefined {
  const minimum = parseWanted(minVersion);
  const oldest = minimum === undefined ? undefined : oldestOf(minimum);
  const name = `the mirror offers ${formatVersion(version)}`;
  if (oldest !== undefined && compareVersions(version, oldest) < 0) {
    return `${name}, which is older than MinVersion (${minVersion})`;
  }
  const isOwnMinor = wanted.kind !== "exact" ||
    (version.major === wanted.version.major && version.minor === wanted.version.minor);
  return match === "window" || isOwnMinor
    ? undefined
    : `${name}, which is not ${describeFit(wanted, "minor")}`;
}

/** Describes the requirements on a kubectl, to follow "is" in a sentence. */
export function describeFit(wanted: Wanted, match: Config["match"]): string {
  if (wanted.kind === "stable") return "available";
  const version = formatWanted(wanted);
  switch (match) {
    case "window":
      return `within one minor of the server's ${version}`;
    case "minor": {
      const oldest = oldestOf(wanted);
      const minor = oldest === undefined ? version : formatMinor(oldest);
      return `of the server's minor ${minor}, as Match = "minor" requires`;
    }
    case "patch":
      return `the server's ${version}, as Match = "patch" requires`;
  }
}
