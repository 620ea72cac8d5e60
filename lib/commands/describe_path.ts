/**
 * Tells whether PATH finds a kubectl that has just been linked, and if not, how to change PATH.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import { splitList } from "../files/path_list.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { folderOf, type Platform } from "../platform.ts";
import type { Host } from "../ports/host.ts";
import { withoutSeparator } from "./folder_flag.ts";

export interface PathAdvice {
  readonly note: string;
  readonly hint?: string;
}

/** @param path the path of the kubectl */
export function describePath(
  path: string,
  { files, platform, env }: Pick<Host, "env" | "files" | "platform">,
): PathAdvice {
  const folder = folderOf(path);
  const found = lookPath("kubectl", { files, platform, env });
  const first = found === undefined ? undefined : orUndefined(() => files.stat(found));
  if (isSameFile(first, orUndefined(() => files.stat(path)))) {
    return { note: `From now on, "kubectl" runs kuberlr: PATH finds it first` };
  }
  const inPath = splitList(platform, env.get("PATH") ?? "")
    .some((entry) => comparable(entry, platform) === comparable(folder, platform));
  const rest = found === undefined ? "" : `, so "kubectl" still runs "${found}"`;
  return {
    note: `"${folder}" ${inPath ? "comes too late in PATH" : "is not in PATH"}${rest}`,
    hint: lineFor(folder, env.get("SHELL") ?? "", platform),
  };
}

/** Returns the command that puts the folder first in PATH, for the user's shell. */
function lineFor(folder: string, shell: string, { os }: Platform): string {
  if (os === "windows") {
    const value = `'${folder.replaceAll("'", "''")};'`;
    return `In PowerShell, until the window is closed: $env:Path = ${value} + $env:Path`;
  }
  const word = quoteShellWord(folder);
  const name = folderlessName(shell);
  if (name === "fish") return `Run this once: fish_add_path --move ${word}`;
  const file = name === "zsh"
    ? "~/.zshrc"
    : name !== "bash"
    ? "the start-up file of your shell"
    : os === "darwin"
    ? "~/.bash_profile"
    : "~/.bashrc";
  return `Add this line to ${file}, and open a new shell: export PATH=${word}:"$PATH"`;
}

function folderlessName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Returns a form to compare: Windows ignores letter case, and takes both kinds of slashes. */
function comparable(folder: string, platform: Platform): string {
  const bare = withoutSeparator(platform, folder);
  return platform.os === "windows" ? bare.replaceAll("/", "\\").toLowerCase() : bare;
}
