/**
 * Every path that kuberlr owns or reads, by name.
 *
 * ```text
 * ~/.kuberlr/
 *   kuberlr.conf                 the user's configuration
 *   linux-amd64/kubectl1.30.2    kubectls, shared with Go kuberlr
 *   cache/                       all of it may be deleted at any time
 *     memo/                      resolutions, one file each
 *     servers/                   server versions, one file each
 *     receipts/linux-amd64/      where each kubectl came from and what it hashed to
 *     locks/linux-amd64/         one per version, held while it is being downloaded
 * ```
 *
 * @module
 */
import type { Env } from "./host.ts";
import { executableSuffix, formatPlatform, joinPath, type Platform } from "./platform.ts";

export interface Layout {
  readonly root: string;
  readonly userConfig: string;
  readonly binaries: string;
  readonly cache: string;
  readonly memo: string;
  readonly servers: string;
  readonly receipts: string;
  readonly locks: string;
}

/** `undefined` where there is no home: nothing can be kept then, and kubectl still has to run. */
export function findLayout(platform: Platform, env: Env): Layout | undefined {
  const home = findHome(platform, env);
  if (home === undefined) return undefined;
  const path = (...parts: string[]) => joinPath(platform, home, ".kuberlr", ...parts);
  const folder = formatPlatform(platform);
  return {
    root: path(),
    userConfig: path("kuberlr.conf"),
    binaries: path(folder),
    cache: path("cache"),
    memo: path("cache", "memo"),
    servers: path("cache", "servers"),
    receipts: path("cache", "receipts", folder),
    locks: path("cache", "locks", folder),
  };
}

/** As Go's `os.UserHomeDir`, which Go kuberlr asks, less its errors. */
export function findHome(platform: Platform, env: Env): string | undefined {
  return env.get(platform.os === "windows" ? "USERPROFILE" : "HOME") || undefined;
}

/** `kubectl1.30.2`, `kubectl1.30.2.exe`. */
export function kubectlFileName(platform: Platform, version: string): string {
  return `kubectl${version}${executableSuffix(platform)}`;
}
