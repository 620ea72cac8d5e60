/**
 * `kuberlr link`: installs kuberlr as `kubectl`. This file chooses the folder, and tells whether
 * PATH finds it; `link_unix.ts` and `link_windows.ts` write the file.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import type { Host, StartCommand } from "../ports/host.ts";
import { AS_KUBECTL } from "../invocation.ts";
import { findHome } from "../files/layout.ts";
import { splitList } from "../files/path_list.ts";
import { folderOf, joinPath } from "../platform.ts";
import { renderHint, renderNote, renderWarning } from "../output/report.ts";
import { followPath } from "../files/steps/distrust.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { loadModules } from "../launcher/steps/load_modules.ts";
import { describePath } from "./describe_path.ts";
import { resolveFolder } from "./folder_flag.ts";
import { placeOnUnix } from "./link_unix.ts";
import { placeOnWindows } from "./link_windows.ts";
import { printPath } from "./output.ts";

type LinkHost = Pick<
  Host,
  "platform" | "program" | "env" | "files" | "terminal" | "processes" | "clock"
>;

/**
 * @throws {KuberlrError} `cannot-write`: another program is there, or no folder can be written;
 * `cannot-load`: kuberlr's modules cannot be loaded
 */
export async function link({ flags }: CommandRun, host: LinkHost): Promise<number> {
  const { dir } = flags;
  const force = flags["force"] === true;
  const start = chooseStartCommand(host);
  await loadModules(start, start.kind === "source" ? flagsFor(start.module) : [], host);
  const command = commandOf(start);
  const [path = "", ...others] = await placeFirst(
    chooseFolders(dir, start, host),
    async (folder) => {
      if (dir === undefined) refuseForeignHome(folder, host);
      return host.platform.os === "windows"
        ? [placeOnWindows(folder, start, { words: [...command, AS_KUBECTL], force }, host)]
        : await placeOnUnix(
          folder,
          { start, command, asSymlink: flags["symlink"] === true, force },
          host,
        );
    },
  );
  printPath(path, host);
  const { stderr } = host.terminal;
  for (const other of others) stderr.write(renderNote(`"${other}" was installed, too`));
  if (start.kind === "source" && isNpxCache(start.deno)) {
    stderr.write(renderWarning(
      `Deno is in npx's cache, which npm empties: install Deno, and run "kuberlr link" again`,
      { color: false },
    ));
  }
  const { note, hint } = describePath(path, host);
  stderr.write(renderNote(note) + (hint === undefined ? "" : renderHint(hint)));
  return 0;
}

/** Returns true if a path is in the cache of `npx`, which npm may empty. */
function isNpxCache(path: string): boolean {
  return path.includes("/_npx/") || path.includes("\\_npx\\");
}

/**
 * Returns how to start kuberlr: by the path that PATH finds, if that leads to this program. A
 * package manager keeps that path when the next version gets another folder.
 */
function chooseStartCommand({ program, ...world }: LinkHost): StartCommand {
  const start = program.startCommand();
  return start.kind === "executable"
    ? { ...start, path: nameInPath("kuberlr", start.path, world) }
    : { ...start, deno: denoOf(start.deno, world) };
}

/** Returns the path of Deno; another Deno than one in npx's cache, if PATH has one. */
function denoOf(path: string, host: Omit<LinkHost, "program">): string {
  if (!isNpxCache(path)) return nameInPath("deno", path, host);
  const { platform, env } = host;
  const others = splitList(platform, env.get("PATH") ?? "").filter((folder) =>
    folder !== "" && !/[\\/]node_modules[\\/]\.bin$/.test(folder)
  );
  return others.map((folder) => lookPath(joinPath(platform, folder, "deno"), host))
    .find((found) => found !== undefined) ?? path;
}

function nameInPath(name: string, path: string, host: Omit<LinkHost, "program">): string {
  const found = lookPath(name, host);
  const there = found === undefined ? undefined : orUndefined(() => host.files.stat(found));
  const own = orUndefined(() => host.files.stat(path));
  return found !== undefined && isSameFile(there, own) ? found : path;
}

/** Returns the folder of `--dir`; without it, kuberlr's own folder, then `~/.local/bin`. */
function chooseFolders(
  asked: string | true | undefined,
  start: StartCommand,
  { platform, program, env }: LinkHost,
): readonly string[] {
  if (typeof asked === "string") return [resolveFolder(asked, { platform, program })];
  const home = findHome(platform, env);
  const beside = start.kind === "executable" ? [folderOf(start.path)] : [];
  return home === undefined ? beside : [...beside, joinPath(platform, home, ".local", "bin")];
}

/**
 * Refuses a folder in the home of another user: with `sudo -E`, HOME is still that user's, and root
 * must not write there.
 *
 * @throws {KuberlrError} the folder is in such a home
 */
function refuseForeignHome(folder: string, { env, files, platform }: LinkHost): void {
  const home = findHome(platform, env);
  if (home === undefined || files.userId() !== 0 || !`${folder}/`.startsWith(`${home}/`)) return;
  const followed = followPath(folder, "directory", { files, platform });
  if (followed.kind === "trusted" || followed.cause !== "foreign") return;
  throw new KuberlrError(
    "cannot-write",
    `Cannot put kubectl into "${folder}": "${followed.path}" ${followed.reason}`,
    {
      hint: 'For all users: "kuberlr link --dir /usr/local/bin". ' +
        'For that user alone: run "kuberlr link" as that user',
    },
  );
}

async function placeFirst(
  folders: readonly string[],
  put: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  let failure: unknown;
  for (const folder of folders) {
    try {
      return await place(folder, put);
    } catch (error) {
      if (!(error instanceof KuberlrError)) throw error;
      failure ??= error;
    }
  }
  throw failure ??
    new KuberlrError("cannot-write", "Cannot tell where to put kubectl: there is no home folder", {
      hint: "Name a directory with --dir",
    });
}

async function place(
  folder: string,
  put: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await put(folder);
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

/** Returns the command that starts kuberlr. Without `--quiet`, Deno erases the terminal's line. */
function commandOf(start: StartCommand): readonly string[] {
  return start.kind === "executable"
    ? [start.path]
    : [start.deno, "run", "--quiet", "-A", ...flagsFor(start.module), start.module];
}

/**
 * Returns Deno's flags. A checkout has its own deno.json; one above the single file belongs to
 * another project.
 */
function flagsFor(module: string): readonly string[] {
  return module.endsWith(".ts") ? [] : ["--no-config", "--no-lock"];
}
