/**
 * Which files are kubectl's configuration: `--kubeconfig`, else the list in `KUBECONFIG`, else the
 * one at home; and where home is, which on Windows is a question of its own.
 *
 * Source: client-go, tools/clientcmd/loader.go, util/homedir/homedir.go.
 *
 * @module
 */
import { splitList } from "../files/path_list.ts";
import { isAbsolutePath, joinPath, type Platform } from "../platform.ts";

export interface KubeconfigLocation {
  /** In the order of their precedence; relative ones start at the working directory. */
  readonly paths: readonly string[];
  /** The flag or variable that names them. */
  readonly from: "--kubeconfig" | "KUBECONFIG" | "home";
  /** Whether a missing file is an error. */
  readonly required: boolean;
  /** The file that kubectl copies to the one path, if that is missing, before it reads it. */
  readonly legacy: string | undefined;
}

export interface LocationInput {
  /** The value of `--kubeconfig`. */
  readonly flag: string | undefined;
  /** The variable `KUBECONFIG`. */
  readonly list: string | undefined;
  /** See {@linkcode findKubectlHome}; `""` is the working directory. Asked only if it matters. */
  readonly home: () => string;
  /** The variable `HOME`. */
  readonly homeVariable: string | undefined;
}

export function locateKubeconfig(platform: Platform, input: LocationInput): KubeconfigLocation {
  const { flag, list, homeVariable } = input;
  if (flag) return { paths: [flag], from: "--kubeconfig", required: true, legacy: undefined };
  if (list) {
    const paths = [...new Set(splitList(platform, list))].filter((path) => path !== "");
    return { paths, from: "KUBECONFIG", required: false, legacy: undefined };
  }
  return {
    paths: [inHome(platform, input.home(), "config")],
    from: "home",
    required: false,
    legacy: platform.os !== "windows"
      ? inHome(platform, homeVariable ?? "", ".kubeconfig")
      : homeVariable
      ? inHome(platform, homeVariable, "config")
      : undefined,
  };
}

/**
 * As the system is to be asked for it; nothing is cleaned, for `..` after a link is not what it
 * looks like. Windows has `D:file` as well, relative to a directory that only the system knows, and
 * `\file`, on the current drive.
 */
export function absolutePath(
  platform: Platform,
  cwd: () => string | undefined,
  path: string,
): string {
  // Asked only if it matters: what is remembered of a resolution holds in any directory then.
  const folder = isAbsolutePath(platform, path) ? undefined : cwd();
  if (folder === undefined) return path;
  if (platform.os === "windows") {
    if (/^[A-Za-z]:/.test(path)) return path;
    if (/^[\\/]/.test(path)) return volumeOf(folder) + path;
  }
  return joinPath(platform, folder.replace(/[\\/]$/, ""), path);
}

/** `C:`, or `\\server\share`. */
function volumeOf(path: string): string {
  return /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.exec(path)?.[0] ?? "";
}

/**
 * Whether reading a path moves the offset of somebody else's descriptor: on macOS, `/dev/fd/3` is a
 * second name of descriptor 3, even where that is a regular file. On Linux it is the file, opened
 * anew.
 */
export function sharesOffset(path: string, { os }: Platform): boolean {
  return os === "darwin" && /^\/dev\/(?:fd\/\d+|stdin)$/.test(path);
}

/** Asked of a folder that may be home, and only if the answer matters. */
export interface HomeChecks {
  readonly hasKubeconfig: (folder: string) => boolean;
  readonly exists: (folder: string) => boolean;
  readonly isWritable: (folder: string) => boolean;
}

/**
 * `HOME` as it is on Unix. On Windows the first of three candidates that has a kubeconfig, else
 * that can be written, else that exists, else that is set; the order is not the same for the first
 * rule and the others.
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
