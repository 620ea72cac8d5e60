/**
 * kubectl executables by their file names: `kubectlX.Y.Z` or `kubectlX.Y`, `.exe` on Windows,
 * nothing after it.
 *
 * @module
 */
import { executableSuffix, type Platform } from "../platform.ts";
import { compareVersions, parseVersion, type Version } from "../version/version.ts";

export interface Binary {
  readonly version: Version;
  readonly path: string;
  /** The folder it is in: kuberlr's own, or one of `SystemPath`. */
  readonly source: "local" | "system";
}

/** A file with a kubectl's name that is not used. */
export interface Unusable {
  readonly version: Version;
  readonly path: string;
  /** To follow the path in a sentence. */
  readonly reason: string;
}

const NAME = /^kubectl(\d+\.\d+(?:\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)?)$/;

/** The version that a file name states; `undefined` for any other file. */
export function versionOfFileName(platform: Platform, name: string): Version | undefined {
  const suffix = executableSuffix(platform);
  if (!name.endsWith(suffix)) return undefined;
  const version = NAME.exec(name.slice(0, name.length - suffix.length))?.[1];
  return version === undefined ? undefined : parseVersion(version);
}

/** Newest first; of one version the local one first. The order of equals is kept. */
export function sortBinaries(binaries: readonly Binary[]): readonly Binary[] {
  return binaries.toSorted((a, b) =>
    compareVersions(b.version, a.version) ||
    Number(b.source === "local") - Number(a.source === "local")
  );
}
