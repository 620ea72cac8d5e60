/**
 * kubectl executables, recognized by their file names: `kubectlX.Y.Z` or `kubectlX.Y`, with `.exe`
 * on Windows, and nothing after it.
 *
 * @module
 */
import { executableSuffix, type Platform } from "../platform.ts";
import { compareVersions, parseVersion, type Version } from "../version/version.ts";

export interface Binary {
  readonly version: Version;
  readonly path: string;
  /** The kind of folder that it is in: kuberlr's own, or one of `SystemPath`. */
  readonly source: "local" | "system";
}

/** A file with a kubectl's name that is not used. */
export interface Unusable {
  readonly version: Version;
  readonly path: string;
  /** The reason; it follows the path in a sentence. */
  readonly reason: string;
}

const NAME = /^kubectl(\d+\.\d+(?:\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)?)$/;

/** Returns the version in a file name; `undefined` for any other file. */
export function versionOfFileName(platform: Platform, name: string): Version | undefined {
  const suffix = executableSuffix(platform);
  if (!name.endsWith(suffix)) return undefined;
  const version = NAME.exec(name.slice(0, name.length - suffix.length))?.[1];
  return version === undefined ? undefined : parseVersion(version);
}

/**
 * Sorts the newest version first and, of equal versions, the local one first. The sort is stable.
 */
export function sortBinaries(binaries: readonly Binary[]): readonly Binary[] {
  return binaries.toSorted((a, b) =>
    compareVersions(b.version, a.version) ||
    Number(b.source === "local") - Number(a.source === "local")
  );
}
