/**
 * Every path that kuberlr owns or reads, by name.
 *
 * ```text
 * ~/.kuberlr/
 *   kuberlr.conf                 the user's configuration
 *   linux-amd64/kubectl1.30.2    kubectls, shared with Go kuberlr
 *   cache/                       all of it may be deleted at any time
 *     memo/                      resolutions, one file each, and shortcuts of the launcher
 *     servers/                   server versions, one file each
 *     receipts/linux-amd64/      where each kubectl came from and what it hashed to
 *     links/linux-amd64/         by what name the launcher runs each kubectl
 *     locks/linux-amd64/         one per version, held while it is being downloaded
 *     locks/servers/             one per server, held while it is being asked
 * ```
 *
 * @module
 */
import type { Env } from "../ports/host.ts";
import { executableSuffix, formatPlatform, joinPath, type Platform } from "../platform.ts";

export interface Layout {
  readonly root: string;
  readonly userConfig: string;
  readonly binaries: string;
  readonly cache: string;
  readonly memo: string;
  readonly servers: string;
  readonly receipts: string;
  readonly locks: string;
  /** Links named `kubectl`, in a folder for each kubectl. */
  readonly links: string;
  readonly serverLocks: string;
}

/** `undefined` where there is no home: nothing can be kept then, and kubectl still has to run. */
export function findLayout(platform: Platform, env: Env): Layout | undefined {
  const home = findHome(platform, env);
  if (home === undefined) return undefined;
  return layoutUnder(platform, joinPath(platform, home, ".kuberlr"));
}

/** The same under another folder than the home's `.kuberlr`. */
export function layoutUnder(platform: Platform, root: string): Layout {
  const path = (...parts: string[]) => joinPath(platform, root, ...parts);
  const folder = formatPlatform(platform);
  return {
    root,
    userConfig: path("kuberlr.conf"),
    binaries: path(folder),
    cache: path("cache"),
    memo: path("cache", "memo"),
    servers: path("cache", "servers"),
    receipts: path("cache", "receipts", folder),
    locks: path("cache", "locks", folder),
    links: path("cache", "links"),
    serverLocks: path("cache", "locks", "servers"),
  };
}

/** As Go's `os.UserHomeDir`, which Go kuberlr asks, less its errors. `undefined` for one whose name cannot be written. */
export function findHome(platform: Platform, env: Env): string | undefined {
  const home = env.get(platform.os === "windows" ? "USERPROFILE" : "HOME");
  return home?.includes("\uFFFD") ? undefined : home || undefined;
}

/** `kubectl1.30.2`, `kubectl1.30.2.exe`. */
export function kubectlFileName(platform: Platform, version: string): string {
  return `kubectl${version}${executableSuffix(platform)}`;
}

/** Whether a kubectl is one that kuberlr keeps itself. */
export function isInOwnFolder(
  path: string,
  layout: Layout | undefined,
  { platform }: { readonly platform: Platform },
): boolean {
  return layout !== undefined && path.startsWith(joinPath(platform, layout.binaries, ""));
}
