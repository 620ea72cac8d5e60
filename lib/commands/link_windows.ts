/**
 * `kuberlr link` on Windows: makes a symbolic link if that is allowed, else a hard link, which
 * needs no privilege. If Deno runs kuberlr, it writes a script for cmd.exe.
 *
 * @module
 */
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import type { Host, StartCommand } from "../ports/host.ts";
import { listEndings, lookPath } from "../files/steps/look_path.ts";
import { joinPath } from "../platform.ts";
import { mayReplace } from "./inspect_path.ts";
import { renderCmdScript } from "../launcher/cmd_script.ts";

/**
 * The endings that some shells take first: Git Bash a `kubectl` without an ending, PowerShell a
 * `kubectl.ps1`.
 */
const ENDINGS_OF_SHELLS = ["", ".ps1"];

/** Matches the names that `disk/files.ts` gives to a kubectl that ran when it was replaced. */
const MOVED_ASIDE = /^\.kubectl\.[-0-9a-f]{36}\.part$/;

/**
 * Puts kubectl into the folder and returns its path.
 *
 * @param words the command that starts kuberlr as kubectl, for a script
 * @throws {KuberlrError} `cannot-write`: another kubectl is there
 * @throws {HostError} the folder cannot be written
 */
export function placeOnWindows(
  folder: string,
  start: StartCommand,
  { words, force }: { readonly words: readonly string[]; readonly force: boolean },
  host: Pick<Host, "platform" | "program" | "env" | "files">,
): string {
  const { platform, env, files } = host;
  const others = findKubectls(folder, host);
  for (const name of orUndefined(() => files.list(folder)) ?? []) {
    if (MOVED_ASIDE.test(name)) orUndefined(() => files.remove(joinPath(platform, folder, name)));
  }
  const foreign = others.find((path) => !mayReplace(path, host));
  if (foreign !== undefined && !force) {
    throw new KuberlrError(
      "cannot-write",
      `Cannot put kubectl there: "${foreign}" is another program, which would run in its place`,
      { hint: "Replace it with --force, or name another directory with --dir" },
    );
  }
  const place = (ending: string, put: (path: string) => void) => {
    const path = joinPath(platform, folder, `kubectl${ending}`);
    put(path);
    // Some shell would find a remaining file first.
    for (const other of others) if (other !== path) files.remove(other);
    return path;
  };
  if (start.kind === "executable") {
    for (const link of [files.linkAtomically, files.hardLinkAtomically]) {
      try {
        return place(".exe", (path) => link(start.path, path));
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
  }
  const [program = ""] = words;
  const name = program.slice(program.lastIndexOf("\\") + 1);
  const script = renderCmdScript(words, {
    folder,
    home: env.get("USERPROFILE"),
    isInPath: lookPath(name, host) === program,
  });
  return place(".cmd", (path) => files.writeAtomically(path, script, 0o755));
}

/**
 * Returns every file of the folder that some shell takes for `kubectl`.
 *
 * @throws {KuberlrError} one of them is a folder
 */
function findKubectls(
  folder: string,
  { platform, env, files }: Pick<Host, "platform" | "program" | "env" | "files">,
): readonly string[] {
  const endings = [...new Set([...ENDINGS_OF_SHELLS, ".exe", ".cmd", ...listEndings(env)])];
  return endings.map((ending) => joinPath(platform, folder, `kubectl${ending}`)).filter((path) => {
    const kind = files.lstat(path)?.kind;
    if (kind === "directory" && /\.(?:exe|cmd)$/.test(path)) {
      throw new KuberlrError("cannot-write", `Cannot put kubectl there: "${path}" is a folder`, {
        hint: "Move it away, or name another directory with --dir",
      });
    }
    return kind === "file" || kind === "link";
  });
}
