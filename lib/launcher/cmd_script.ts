/**
 * The script named kubectl.cmd, which starts kuberlr where nothing can be linked to.
 *
 * cmd.exe reads a script in the console's code page, which differs from machine to machine: every
 * byte of it that is not ASCII may be read as another letter. So a path is spelled by a variable
 * where it can be, a module by its URL, and what is left is read while the page is UTF-8's.
 *
 * @module
 */

import { LAUNCHER_MARK } from "./mark.ts";

export interface ScriptPlace {
  /** The folder that the script is put into. */
  readonly folder: string;
  /** USERPROFILE. */
  readonly home: string | undefined;
  /** Whether PATH finds the program by its name. */
  readonly isInPath?: boolean;
}

/** @param words the command line that the arguments are appended to; the first is a path */
export function renderCmdScript(words: readonly string[], place: ScriptPlace): string {
  const [program = "", ...rest] = words.map((word) => spell(word, place));
  const start = startOf(program, place.isInPath ?? false);
  const lines = [...start.before, `@${[start.command, ...rest.map(quote)].join(" ")} %*`];
  return [`@rem ${LAUNCHER_MARK}`, ...lines, ""].join("\r\n");
}

/** How the program is started, and the lines before. */
function startOf(
  program: string,
  isInPath: boolean,
): { before: readonly string[]; command: string } {
  if (isAscii(program)) return { before: [], command: quote(program) };
  const name = program.slice(program.lastIndexOf("\\") + 1);
  if (isInPath && isAscii(name)) {
    // A bare name would be looked for in the working directory first.
    return { before: [], command: `for %%i in ("${name}") do @"%%~$PATH:i"` };
  }
  return {
    before: [
      "@setlocal",
      // "Active code page: 437"; "Aktive Codepage: 850."
      `@for /f "tokens=2 delims=:." %%p in ('chcp') do @set "_page=%%p"`,
      "@chcp 65001 >nul",
      `@set "_program=${program}"`,
      "@chcp %_page% >nul",
    ],
    command: `"%_program%"`,
  };
}

/** In ASCII wherever it can be; per cent signs are doubled unless they are of a variable. */
function spell(word: string, { folder, home }: ScriptPlace): string {
  if (!/^[A-Za-z]:[\\/]/.test(word)) return word.replaceAll("%", "%%");
  const path = word.replaceAll("/", "\\");
  for (const [start, variable] of [[folder, "%~dp0"], [home, "%USERPROFILE%\\"]] as const) {
    const prefix = `${(start ?? "").replaceAll("/", "\\")}\\`;
    if (prefix === "\\" || !path.toLowerCase().startsWith(prefix.toLowerCase())) continue;
    const rest = path.slice(prefix.length).replaceAll("%", "%%");
    if (isAscii(rest)) return variable + rest;
  }
  const isModule = /\.[jt]s$/.test(path);
  return (isAscii(path) || !isModule ? path : fileUrl(path)).replaceAll("%", "%%");
}

function fileUrl(path: string): string {
  const [drive = "", ...names] = path.split("\\");
  return ["file:", "", "", drive, ...names.map(encodeURIComponent)].join("/");
}

function quote(word: string): string {
  return `"${word}"`;
}

function isAscii(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}
