/**
 * The names of the folders and files that kuberlr writes.
 *
 * A place is a folder with this layout. The first place is in the home. If it cannot be used, a
 * private folder in a temporary directory is used instead.
 *
 * ```text
 * ~/.kuberlr/                    or $TMPDIR/kuberlr-kubectls-<uid>/
 *   kuberlr.conf                 the user's configuration
 *   linux-amd64/kubectl1.30.2    kubectls, shared with Go kuberlr
 *   cache/                       all of it may be deleted at any time
 *     memo/                      resolutions, one file each, and shortcuts of the launcher
 *     servers/                   server versions, one file each
 *     receipts/linux-amd64/      where each kubectl came from, and its hash
 *     mirrors.json               mirrors that were silent, and releases that they lack
 *     links/linux-amd64/         a link named kubectl to each kubectl, for the launcher
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
  readonly mirrorNotes: string;
  readonly locks: string;
  /** Links named `kubectl`, in a folder for each kubectl. */
  readonly links: string;
  readonly serverLocks: string;
}

/** Returns the place in the home; `undefined` if the environment names no home. */
export function findLayout(platform: Platform, env: Env): Layout | undefined {
  const home = findHome(platform, env);
  if (home === undefined) return undefined;
  const folder = home.replace(platform.os === "windows" ? /[\\/]+$/ : /\/+$/, "");
  return layoutUnder(platform, joinPath(platform, folder, ".kuberlr"));
}

/** Returns the place whose folder is `root`. */
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
    mirrorNotes: path("cache", "mirrors.json"),
    locks: path("cache", "locks", folder),
    links: path("cache", "links"),
    serverLocks: path("cache", "locks", "servers"),
  };
}

/**
 * Returns the home folder, as Go kuberlr finds it by Go's `os.UserHomeDir`; `undefined` without
 * one, and for a name that is not UTF-8, which Deno cannot open.
 */
export function findHome(platform: Platform, env: Env): string | undefined {
  const home = env.get(platform.os === "windows" ? "USERPROFILE" : "HOME");
  return home?.includes("\uFFFD") ? undefined : home || undefined;
}

/**
 * Returns the directories for temporary files, in the order in which they are tried. On Windows,
 * only those below the user's `LOCALAPPDATA` count, where no other user can write.
 */
export function temporaryFolders({ os }: Platform, env: Env): readonly string[] {
  const named = (...names: string[]) =>
    names.map((name) => (env.get(name) ?? "").replace(/(?<=.)[\\/]+$/, ""))
      .filter((path) => path !== "" && !path.includes("\uFFFD"));
  if (os === "windows") {
    const own = `${env.get("LOCALAPPDATA") ?? ""}\\`.toLowerCase();
    return named("TMP", "TEMP").filter((path) =>
      own !== "\\" && path.replaceAll("/", "\\").toLowerCase().startsWith(own)
    );
  }
  const [first = "/tmp"] = named("TMPDIR");
  const all = [first, ...named("XDG_RUNTIME_DIR"), "/tmp", "/var/tmp", "/dev/shm"];
  return [...new Set(all)].filter((path) => path.startsWith("/"));
}

/** Returns the name of a user's place in a temporary directory. */
export function temporaryPlaceName(userId: number | undefined): string {
  return userId === undefined ? "kuberlr-kubectls" : `kuberlr-kubectls-${userId}`;
}

/** Returns `kubectl1.30.2`, on Windows `kubectl1.30.2.exe`. */
export function kubectlFileName(platform: Platform, version: string): string {
  return `kubectl${version}${executableSuffix(platform)}`;
}

/**
 * Returns the place that holds a kubectl; `undefined` for a kubectl outside kuberlr's own folders.
 */
export function placeOf<Place extends Pick<Layout, "binaries">>(
  path: string,
  places: readonly Place[],
  platform: Platform,
): Place | undefined {
  return places.find(({ binaries }) => path.startsWith(joinPath(platform, binaries, "")));
}
