/**
 * `kuberlr link` on Linux and macOS: writes the launcher, or a symbolic link.
 *
 * @module
 */
import { BUILD_INFO, isStamped } from "../build_info.ts";
import { KuberlrError, orUndefined } from "../errors.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { wordTables } from "../launcher/command_words.ts";
import { type LauncherOptions, renderLauncher, renderStarter } from "../launcher/script.ts";
import { findShell } from "../launcher/steps/find_shell.ts";
import { findStat } from "../launcher/steps/stat_command.ts";
import type { LauncherHost } from "../launcher/steps/write_shortcut.ts";
import { isAbsolutePath, joinPath } from "../platform.ts";
import type { StartCommand } from "../ports/host.ts";
import { hasLauncherMark, mayReplace } from "./inspect_path.ts";

export interface UnixLink {
  readonly start: StartCommand;
  /** The program that starts kuberlr, and its first arguments. */
  readonly command: readonly string[];
  /** Makes a symbolic link instead of the launcher. */
  readonly asSymlink: boolean;
  /** Replaces another program. */
  readonly force: boolean;
}

/**
 * Puts kubectl into the folder, and `kuberlr` as well if PATH does not find it. Returns the paths,
 * kubectl's first.
 *
 * @throws {KuberlrError} `cannot-write`: another kubectl is there, or `--symlink` is impossible
 * @throws {HostError} the folder cannot be written
 */
export async function placeOnUnix(
  folder: string,
  link: UnixLink,
  host: LauncherHost,
): Promise<readonly string[]> {
  const { platform, files } = host;
  const path = joinPath(platform, folder, "kubectl");
  const target = linkTarget(link.start);
  // An image without a shell cannot run a script.
  const asSymlink = link.asSymlink || (target !== undefined && !hasShell(host));
  if (asSymlink && target === undefined) {
    throw new KuberlrError("cannot-write", "Cannot link to a kuberlr that runs from source", {
      hint: 'Leave out "--symlink"; the launcher starts it as well',
    });
  }
  clearPlace(path, link.force, host);
  const options = asSymlink ? undefined : await launcherOptions(link, host);
  // A folder of PATH may be used by every user.
  files.makeDirectory(folder, 0o755);
  if (options === undefined) files.linkAtomically(target!, path);
  else files.writeAtomically(path, renderLauncher(options, wordTables()), 0o755);
  return [path, ...placeKuberlr(folder, link, options, host)];
}

/**
 * Returns the file that a symbolic link can lead to: an executable, or the single file, which
 * begins with `#!`.
 */
function linkTarget(start: StartCommand): string | undefined {
  if (start.kind === "executable") return start.path;
  return start.module.startsWith("/") && start.module.endsWith(".js") ? start.module : undefined;
}

function hasShell({ files }: LauncherHost): boolean {
  return orUndefined(() => files.stat("/bin/sh")) !== undefined;
}

async function launcherOptions(
  { start, command }: UnixLink,
  host: LauncherHost,
): Promise<LauncherOptions> {
  const program = start.kind === "executable" ? start.path : start.module;
  return {
    interpreter: await findShell(host),
    version: launcherVersion(),
    command,
    program: isAbsolutePath(host.platform, program) ? program : undefined,
    stat: await findStat(host),
    clock: host.platform.os === "linux" ? { folder: "/proc/self" } : { date: "/bin/date" },
  };
}

/** Returns the version that this kuberlr writes into a launcher. */
export function launcherVersion(): string {
  return isStamped(BUILD_INFO) ? BUILD_INFO.gitVersion : "a checkout";
}

/** Installs `kuberlr`, which hints name, unless PATH finds one. Returns its path, if installed. */
function placeKuberlr(
  folder: string,
  { start, command }: UnixLink,
  options: LauncherOptions | undefined,
  host: LauncherHost,
): readonly string[] {
  const { platform, files } = host;
  const path = joinPath(platform, folder, "kuberlr");
  if (start.kind === "executable" && start.path === path) return [];
  const isStarter = hasLauncherMark(path, files);
  if (!isStarter && (lookPath("kuberlr", host) !== undefined || files.lstat(path) !== undefined)) {
    return [];
  }
  if (start.kind === "executable") files.linkAtomically(start.path, path);
  else if (options === undefined) files.linkAtomically(start.module, path);
  else {
    const { interpreter, version } = options;
    files.writeAtomically(path, renderStarter({ interpreter, version, command }), 0o755);
  }
  return [path];
}

/**
 * Checks that the path may be replaced. @throws {KuberlrError} a folder or another program has it
 */
function clearPlace(path: string, force: boolean, { files, program }: LauncherHost): void {
  const there = files.lstat(path);
  if (there?.kind === "directory") {
    throw new KuberlrError("cannot-write", `Cannot put kubectl there: "${path}" is a folder`, {
      hint: "Move it away, or name another directory with --dir",
    });
  }
  if (there === undefined || force) return;
  if (mayReplace(path, { files, program })) return;
  throw new KuberlrError("cannot-write", `Cannot put kubectl there: "${path}" is another program`, {
    hint: "Replace it with --force, or name another directory with --dir",
  });
}
