/**
 * `kuberlr link`: from then on, `kubectl` is kuberlr.
 *
 * An executable is linked to; a program that Deno runs from source gets a launcher, as does Windows where making links is
 * a privilege.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import type { Host, Launcher } from "../ports/host.ts";
import { AS_KUBECTL } from "../invocation.ts";
import { findHome } from "../files/layout.ts";
import { splitList } from "../files/path_list.ts";
import { folderOf, isAbsolutePath, joinPath, type Platform } from "../platform.ts";
import { renderNote } from "../output/report.ts";
import { LAUNCHER_MARK, readLauncher } from "./inspect_path.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { placeOnWindows } from "./link_windows.ts";
import { printPath } from "./output.ts";

type Ports = Pick<Host, "platform" | "program" | "env" | "files" | "terminal">;

/** @throws {KuberlrError} `cannot-write`: something else is there, or nothing can be put there */
export function link({ flags }: CommandRun, host: Ports): number {
  const { dir, force } = flags;
  const launcher = chooseLauncher(host);
  const path = placeFirst(chooseFolders(dir, launcher, host), launcher, force === true, host);
  printPath(path, host);
  host.terminal.stderr.write(renderNote(describePath(path, host)));
  return 0;
}

/** By the names in PATH, where these lead to it: a package manager's stay when the next version gets another folder. */
function chooseLauncher({ program, ...world }: Ports): Launcher {
  const launcher = program.launcher();
  return launcher.kind === "executable"
    ? { ...launcher, path: nameInPath("kuberlr", launcher.path, world) }
    : { ...launcher, deno: nameInPath("deno", launcher.deno, world) };
}

function nameInPath(name: string, path: string, host: Omit<Ports, "program">): string {
  const found = lookPath(name, host);
  const there = found === undefined ? undefined : orUndefined(() => host.files.stat(found));
  const own = orUndefined(() => host.files.stat(path));
  return found !== undefined && isSameFile(there, own) ? found : path;
}

/** The one that was asked for; else beside kuberlr, or, where that will not do, where users keep their programs. */
function chooseFolders(
  asked: string | true | undefined,
  launcher: Launcher,
  { platform, program, env }: Ports,
): readonly string[] {
  if (typeof asked === "string") {
    const cwd = program.cwd();
    return [
      isAbsolutePath(platform, asked) || cwd === undefined ? asked : joinPath(platform, cwd, asked),
    ];
  }
  const home = findHome(platform, env);
  const beside = launcher.kind === "executable" ? [folderOf(launcher.path)] : [];
  return home === undefined ? beside : [...beside, joinPath(platform, home, ".local", "bin")];
}

function placeFirst(
  folders: readonly string[],
  launcher: Launcher,
  force: boolean,
  host: Ports,
): string {
  let failure: unknown;
  for (const folder of folders) {
    try {
      return place(folder.replace(/(?<=.)[\\/]$/, ""), launcher, force, host);
    } catch (error) {
      if (!(error instanceof KuberlrError)) throw error;
      failure ??= error;
    }
  }
  throw failure ??
    new KuberlrError("cannot-write", "Cannot tell where to put kubectl: there is no home", {
      hint: "Name a directory with --dir",
    });
}

function place(folder: string, launcher: Launcher, force: boolean, host: Ports): string {
  const { platform, files } = host;
  const words = wordsOf(launcher);
  try {
    if (platform.os === "windows") {
      return placeOnWindows(folder, launcher, { words, force }, host);
    }
    const path = joinPath(platform, folder, "kubectl");
    clear(path, force, host);
    if (launcher.kind === "executable") files.linkAtomically(launcher.path, path);
    else files.writeAtomically(path, scriptOf(words), 0o755);
    return path;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new KuberlrError(
      "cannot-write",
      `Cannot put kubectl into "${folder}": ${error.message}`,
      {
        hint: "Name another directory with --dir",
        cause: error,
      },
    );
  }
}

/** @throws {KuberlrError} what is there is not ours */
function clear(path: string, force: boolean, { files, program }: Ports): void {
  const there = files.lstat(path);
  if (there?.kind === "directory") {
    throw new KuberlrError("cannot-write", `Cannot put kubectl there: "${path}" is a folder`, {
      hint: "Move it away, or name another directory with --dir",
    });
  }
  if (there === undefined || force) return;
  const stat = files.stat(path);
  const isDangling = stat === undefined;
  const isOurScript = readLauncher(path, files).includes(LAUNCHER_MARK);
  if (isDangling || isSameFile(stat, program.identity()) || isOurScript) return;
  throw new KuberlrError("cannot-write", `Cannot put kubectl there: "${path}" is another program`, {
    hint: "Replace it with --force, or name another directory with --dir",
  });
}

/** How kuberlr is started as kubectl. */
function wordsOf(launcher: Launcher): readonly string[] {
  return launcher.kind === "executable"
    ? [launcher.path, AS_KUBECTL]
    : [launcher.deno, "run", ...flagsFor(launcher.module), launcher.module, AS_KUBECTL];
}

function scriptOf(words: readonly string[]): string {
  return `#!/bin/sh\n# ${LAUNCHER_MARK}\nexec ${words.map(quoteForShell).join(" ")} "$@"\n`;
}

/**
 * Not quiet, Deno erases the terminal's line each time, for a progress bar that it might show. A checkout has a configuration
 * of its own; what lies about or above the single file is somebody else's.
 */
function flagsFor(module: string): readonly string[] {
  const quiet = ["--quiet", "-A"];
  return module.endsWith(".ts") ? quiet : [...quiet, "--no-config", "--no-lock"];
}

function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function describePath(path: string, host: Ports): string {
  const { files, platform, env } = host;
  const folder = folderOf(path);
  const found = lookPath("kubectl", host);
  const first = found === undefined ? undefined : orUndefined(() => files.stat(found));
  const ours = orUndefined(() => files.stat(path));
  if (isSameFile(first, ours)) {
    return `"kubectl" is kuberlr now: PATH finds it first`;
  }
  const inPath = splitList(platform, env.get("PATH") ?? "")
    .some((entry) => comparable(entry, platform) === comparable(folder, platform));
  const place = found === undefined ? "" : ` before "${folderOf(found)}"`;
  if (!inPath) return `"${folder}" is not in PATH: put it there${place}`;
  return found === undefined
    ? `PATH does not find it: open a new shell`
    : `PATH finds "${found}" first: put "${folder}"${place}`;
}

/** Windows knows a folder in either letter case, and with slashes of either kind. */
function comparable(folder: string, { os }: Platform): string {
  const bare = folder.replace(/(?<=.)[\\/]$/, "");
  return os === "windows" ? bare.replaceAll("/", "\\").toLowerCase() : bare;
}
