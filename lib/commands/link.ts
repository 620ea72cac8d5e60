/**
 * `kuberlr link`: from then on, `kubectl` is kuberlr. Where it goes, and whether PATH finds it;
 * what is put there is in `link_unix.ts` and `link_windows.ts`.
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
import { folderOf, isAbsolutePath, joinPath } from "../platform.ts";
import { renderHint, renderNote, renderWarning } from "../output/report.ts";
import { followPath } from "../files/steps/distrust.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { loadModules } from "../launcher/steps/load_modules.ts";
import { describePath } from "./describe_path.ts";
import { placeOnUnix } from "./link_unix.ts";
import { placeOnWindows } from "./link_windows.ts";
import { printPath } from "./output.ts";

type LinkHost = Pick<
  Host,
  "platform" | "program" | "env" | "files" | "terminal" | "processes" | "clock"
>;

/**
 * @throws {KuberlrError} `cannot-write`: something else is there, or nothing can be put there;
 * `cannot-load`
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

/** Where `npx deno` keeps Deno, for as long as it likes. */
function isNpxCache(path: string): boolean {
  return path.includes("/_npx/") || path.includes("\\_npx\\");
}

/**
 * By the names in PATH, where these lead to it: a package manager's stay when the next version gets
 * another folder.
 */
function chooseStartCommand({ program, ...world }: LinkHost): StartCommand {
  const start = program.startCommand();
  return start.kind === "executable"
    ? { ...start, path: nameInPath("kuberlr", start.path, world) }
    : { ...start, deno: denoOf(start.deno, world) };
}

/** Out of npx's cache, if there is another Deno. */
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

/**
 * The one that was asked for; else beside kuberlr, or, where that will not do, where users keep
 * their programs.
 */
function chooseFolders(
  asked: string | true | undefined,
  start: StartCommand,
  { platform, program, env }: LinkHost,
): readonly string[] {
  if (typeof asked === "string") {
    const cwd = program.cwd();
    return [
      isAbsolutePath(platform, asked) || cwd === undefined ? asked : joinPath(platform, cwd, asked),
    ];
  }
  const home = findHome(platform, env);
  const beside = start.kind === "executable" ? [folderOf(start.path)] : [];
  return home === undefined ? beside : [...beside, joinPath(platform, home, ".local", "bin")];
}

/**
 * Root makes nothing in the home of another user, which `sudo -E` leaves in HOME.
 *
 * @throws {KuberlrError} the folder is in such a home
 */
function refuseForeignHome(folder: string, { env, files, platform }: LinkHost): void {
  const home = findHome(platform, env);
  if (home === undefined || files.userId() !== 0 || !`${folder}/`.startsWith(`${home}/`)) return;
  const followed = followPath(folder, "directory", { files, platform });
  if (followed.kind === "trusted" || !followed.isForeign) return;
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
      return await place(folder.replace(/(?<=.)[\\/]$/, ""), put);
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

/** How kuberlr is started. Unless it is quiet, Deno erases the terminal's line each time. */
function commandOf(start: StartCommand): readonly string[] {
  return start.kind === "executable"
    ? [start.path]
    : [start.deno, "run", "--quiet", "-A", ...flagsFor(start.module), start.module];
}

/**
 * A checkout has a configuration of its own; one that lies above the single file is somebody
 * else's.
 */
function flagsFor(module: string): readonly string[] {
  return module.endsWith(".ts") ? [] : ["--no-config", "--no-lock"];
}
