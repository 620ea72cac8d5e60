/**
 * `kuberlr unlink`: removes what `kuberlr link` has installed, and nothing else.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import { findHome } from "../files/layout.ts";
import { splitList } from "../files/path_list.ts";
import { renderNote } from "../output/report.ts";
import { joinPath } from "../platform.ts";
import type { Host } from "../ports/host.ts";
import { resolveFolder, withoutSeparator } from "./folder_flag.ts";
import { hasLauncherMark } from "./inspect_path.ts";

type UnlinkHost = Pick<Host, "platform" | "program" | "env" | "files" | "terminal">;

/** Prints the paths that it has removed. @throws {KuberlrError} `cannot-write` */
export function unlink({ flags }: CommandRun, host: UnlinkHost): number {
  const paths = findFolders(flags["dir"], host).flatMap((folder) => findInstalled(folder, host));
  for (const path of new Set(paths)) {
    // It may be removed already under another name: /bin may be a link to /usr/bin.
    if (orUndefined(() => host.files.lstat(path)) === undefined) continue;
    try {
      host.files.remove(path);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      throw new KuberlrError("cannot-write", `Cannot remove "${path}": ${error.message}`, {
        hint: "Run the command as the user whom the directory belongs to",
        cause: error,
      });
    }
    host.terminal.stderr.write(renderNote(`Removed "${path}"`));
  }
  if (paths.length === 0) {
    host.terminal.stderr.write(
      renderNote(`There is nothing to remove: no folder of PATH has a kubectl of "kuberlr link"`),
    );
  }
  return 0;
}

/** Returns the folder of `--dir`; without it, the folders of PATH, and `~/.local/bin`. */
function findFolders(
  asked: string | true | undefined,
  { platform, program, env }: UnlinkHost,
): readonly string[] {
  if (typeof asked === "string") return [resolveFolder(asked, { platform, program })];
  const home = findHome(platform, env);
  const usual = home === undefined ? [] : [joinPath(platform, home, ".local", "bin")];
  const inPath = splitList(platform, env.get("PATH") ?? "").filter((path) => path !== "");
  return [...new Set([...inPath, ...usual].map((folder) => withoutSeparator(platform, folder)))];
}

function findInstalled(folder: string, host: UnlinkHost): readonly string[] {
  const isWindows = host.platform.os === "windows";
  const names = isWindows ? ["kubectl.exe", "kubectl.cmd"] : ["kubectl"];
  const kubectls = names.map((name) => joinPath(host.platform, folder, name))
    .filter((path) => isInstalled(path, host));
  // A kuberlr that `link` has installed beside the kubectl is removed as well.
  const kuberlr = joinPath(host.platform, folder, "kuberlr");
  const isBeside = !isWindows && kubectls.length > 0 && isInstalled(kuberlr, host);
  return [...kubectls, ...(isBeside ? [kuberlr] : [])];
}

/**
 * Returns true if `link` has installed the file: a script, or a link to this kuberlr, but not
 * kuberlr itself.
 */
function isInstalled(path: string, { files, program, platform }: UnlinkHost): boolean {
  const kind = orUndefined(() => files.lstat(path))?.kind;
  if (kind === "file" && hasLauncherMark(path, files)) return true;
  const leadsHere = isSameFile(orUndefined(() => files.stat(path)), program.identity());
  if (!leadsHere) return false;
  const start = program.startCommand();
  const own = start.kind === "executable" ? start.path : start.module;
  return kind === "link" || (kind === "file" && platform.os === "windows" && path !== own);
}
