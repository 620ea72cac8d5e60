/**
 * Finds the kubectl that PATH leads to, and the folder of PATH that has kuberlr.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import type { Host } from "../ports/host.ts";
import { findHome } from "../files/layout.ts";
import { splitList } from "../files/path_list.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { folderOf, joinPath } from "../platform.ts";
import { LAUNCHER_MARK } from "../launcher/mark.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { readRegularText } from "../files/steps/read_regular.ts";

export interface PathReport {
  readonly found: string | undefined;
  readonly isKuberlr: boolean;
  /** The way to make PATH find kuberlr. */
  readonly hint: string;
}

export function inspectPath(
  host: Pick<Host, "env" | "files" | "platform" | "program" | "store">,
): PathReport {
  const { env, platform } = host;
  const found = lookPath("kubectl", host);
  const folders = splitList(platform, env.get("PATH") ?? "").filter((folder) => folder !== "");
  const kuberlr = folders
    .map((folder) => lookPath(joinPath(platform, folder, "kubectl"), host))
    .find((path) => path !== undefined && isKuberlr(path, host));
  return {
    found,
    isKuberlr: found !== undefined && isKuberlr(found, host),
    hint: found === undefined
      ? `"kuberlr link" installs one`
      : kuberlr !== undefined
      ? `Put "${folderOf(kuberlr)}" before "${folderOf(found)}" in PATH`
      : hintBefore(found, folders, host),
  };
}

/**
 * Returns a hint for a PATH that finds another kubectl first. `kuberlr link` replaces that only
 * with `--force`.
 */
function hintBefore(
  found: string,
  folders: readonly string[],
  { env, files, platform, store }: Pick<Host, "env" | "files" | "platform" | "store">,
): string {
  const taken = folderOf(found);
  const before = folders.slice(0, Math.max(0, folders.indexOf(taken)))
    // npm and npx put this folder into PATH for one command only.
    .filter((folder) => !/[\\/]node_modules[\\/]\.bin$/.test(folder))
    .find((folder) => isFolder(folder, files) && store.canWrite(folder));
  if (before !== undefined) {
    return `"kuberlr link --dir ${quoteShellWord(before)}" puts kuberlr before it`;
  }
  const home = findHome(platform, env);
  const own = home === undefined ? undefined : joinPath(platform, home, ".local", "bin");
  return own === undefined || own === taken
    ? `"kuberlr link --force --dir ${quoteShellWord(taken)}" replaces it`
    : `"kuberlr link --dir ${
      quoteShellWord(own)
    }" makes one; put that folder before "${taken}" in PATH`;
}

function isFolder(path: string, files: Host["files"]): boolean {
  return orUndefined(() => files.stat(path))?.kind === "directory";
}

const MAX_LAUNCHER_BYTES = 65_536;

/** Returns the text of a file that is small enough to be a launcher; `""` for other files. */
export function readLauncher(
  path: string,
  files: Pick<Host["files"], "stat" | "readText">,
): string {
  const stat = orUndefined(() => files.stat(path));
  if (stat?.kind !== "file" || stat.size >= MAX_LAUNCHER_BYTES) return "";
  return orUndefined(() => readRegularText(path, "launcher", files)) ?? "";
}

/** Returns true for a script of `kuberlr link`. */
export function hasLauncherMark(
  path: string,
  files: Pick<Host["files"], "stat" | "readText">,
): boolean {
  return readLauncher(path, files).includes(LAUNCHER_MARK);
}

/**
 * Returns true if `kuberlr link` may replace a file: a link that leads nowhere, kuberlr, or one of
 * its scripts.
 */
export function mayReplace(
  path: string,
  { files, program }: Pick<Host, "files" | "program">,
): boolean {
  // A file that cannot be examined is left alone.
  const stat = orUndefined(() => files.stat(path) ?? "missing");
  return stat === "missing" || isSameFile(stat, program.identity()) ||
    hasLauncherMark(path, files);
}

/**
 * Returns true if a path is kuberlr itself, a link to it, or a script that starts it: a launcher of
 * `kuberlr link`, or another script that names its file.
 */
function isKuberlr(path: string, { files, program }: Pick<Host, "files" | "program">): boolean {
  if (isSameFile(orUndefined(() => files.stat(path)), program.identity())) return true;
  const start = program.startCommand();
  const started = start.kind === "executable" ? start.path : start.module;
  const text = readLauncher(path, files);
  return text.includes(LAUNCHER_MARK) || text.includes(started);
}
