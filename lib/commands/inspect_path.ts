/**
 * Finds out which kubectl PATH leads to, and where kuberlr is in it.
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
 * Another program is found first. It is not replaced by accident: `kuberlr link` without `--force`
 * refuses to.
 */
function hintBefore(
  found: string,
  folders: readonly string[],
  { env, files, platform, store }: Pick<Host, "env" | "files" | "platform" | "store">,
): string {
  const taken = folderOf(found);
  const before = folders.slice(0, Math.max(0, folders.indexOf(taken)))
    // npm and npx put this one into PATH for one command.
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

/** The text of what is small enough for a launcher; `""` of everything else. */
export function readLauncher(
  path: string,
  files: Pick<Host["files"], "stat" | "readText">,
): string {
  const stat = orUndefined(() => files.stat(path));
  if (stat?.kind !== "file" || stat.size >= MAX_LAUNCHER_BYTES) return "";
  return orUndefined(() => readRegularText(path, "launcher", files)) ?? "";
}

/** Itself, a link to it, or a launcher: of `kuberlr link`, or another that names it. */
function isKuberlr(path: string, { files, program }: Pick<Host, "files" | "program">): boolean {
  if (isSameFile(orUndefined(() => files.stat(path)), program.identity())) return true;
  const start = program.startCommand();
  const started = start.kind === "executable" ? start.path : start.module;
  const text = readLauncher(path, files);
  return text.includes(LAUNCHER_MARK) || text.includes(started);
}
