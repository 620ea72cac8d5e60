/**
 * Finds kubectl's configuration files: `--kubeconfig`, else the list in `KUBECONFIG`, else the file
 * in the home directory. On Windows, the home directory has rules of its own.
 *
 * Source: client-go, tools/clientcmd/loader.go, util/homedir/homedir.go.
 *
 * @module
 */
import { splitList } from "../files/path_list.ts";
import { isAbsolutePath, joinPath, type Platform } from "../platform.ts";

export interface KubeconfigLocation {
  /** The highest precedence first; relative paths start at the working directory. */
  readonly paths: readonly string[];
  /** True if a missing file is an error. */
  readonly required: boolean;
  /**
   * The file that is read in place of the only path, if that is missing: kubectl copies it there.
   */
  readonly legacy: string | undefined;
}

export interface LocationInput {
  /** The value of `--kubeconfig`. */
  readonly flag: string | undefined;
  /** The variable `KUBECONFIG`. */
  readonly list: string | undefined;
  /** Returns the result of {@linkcode findKubectlHome}; called only if it is needed. */
  readonly home: () => string;
  /** The variable `HOME`. */
  readonly homeVariable: string | undefined;
}

export function locateKubeconfig(platform: Platform, input: LocationInput): KubeconfigLocation {
  const { flag, list, homeVariable } = input;
  if (flag) return { paths: [flag], required: true, legacy: undefined };
  if (list) {
    const paths = [...new Set(splitList(platform, list))].filter((path) => path !== "");
    return { paths, required: false, legacy: undefined };
  }
  return {
    paths: [inHome(platform, input.home(), "config")],
    required: false,
    legacy: platform.os !== "windows"
      ? inHome(platform, homeVariable ?? "", ".kubeconfig")
      : homeVariable
      ? inHome(platform, homeVariable, "config")
      : undefined,
  };
}

/**
 * Returns a path to pass to the system. `..` is kept, since after a symbolic link it does not mean
 * the folder before. On Windows, `D:file` is returned as it is: only the system knows that drive's
 * directory; `\file` is on the current drive.
 */
export function absolutePath(
  platform: Platform,
  cwd: () => string | undefined,
  path: string,
): string {
  // The working directory is read only if it is needed: without that reading, a memo holds in any
  // directory.
  const folder = isAbsolutePath(platform, path) ? undefined : cwd();
  if (folder === undefined) return path;
  if (platform.os === "windows") {
    if (/^[A-Za-z]:/.test(path)) return path;
    if (/^[\\/]/.test(path)) return volumeOf(folder) + path;
  }
  return joinPath(platform, folder.replace(/[\\/]$/, ""), path);
}

/** Returns `C:` or `\\server\share`. */
function volumeOf(path: string): string {
  return /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.exec(path)?.[0] ?? "";
}

/**
 * Returns true if reading a path moves the offset of another descriptor: on macOS, `/dev/fd/3` is a
 * second name of descriptor 3, even for a regular file. On Linux, it opens the file anew.
 */
export function sharesOffset(path: string, { os }: Platform): boolean {
  return os === "darwin" && /^\/dev\/(?:fd\/\d+|stdin)$/.test(path);
}

/** Checks of a folder that may be the home directory; called only if they are needed. */
export interface HomeChecks {
  readonly hasKubeconfig: (folder: string) => boolean;
  readonly exists: (folder: string) => boolean;
  readonly isWritable: (folder: string) => boolean;
}

/**
 * Returns kubectl's home directory, `""` if there is none. On Unix it is `HOME`. On Windows it is
 * the first of three candidates that has a kubeconfig, else the first that is writable, else the
 * first that exists, else the first that is set. The candidates' order for the first rule differs
 * from that for the others.
 */
export function findKubectlHome(
  platform: Platform,
  variable: (name: string) => string | undefined,
  checks: HomeChecks,
): string {
  const home = variable("HOME") ?? "";
  if (platform.os !== "windows") return home;
  const profile = variable("USERPROFILE") ?? "";
  const drive = variable("HOMEDRIVE") ?? "";
  const path = variable("HOMEPATH") ?? "";
  const drivePath = drive !== "" && path !== "" ? drive + path : "";
  const isSet = (folder: string) => folder !== "";

  const holder = [home, drivePath, profile].filter(isSet).find(checks.hasKubeconfig);
  if (holder !== undefined) return holder;
  const folders = [home, profile, drivePath].filter(isSet);
  return folders.find(checks.isWritable) ?? folders.find(checks.exists) ?? folders[0] ?? "";
}

export function inHome(platform: Platform, home: string, name: string): string {
  return home === ""
    ? joinPath(platform, ".kube", name)
    : joinPath(platform, home.replace(/(?<=.)[\\/]$/, ""), ".kube", name);
}
