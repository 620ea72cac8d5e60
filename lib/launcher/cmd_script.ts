/**
 * The script `kubectl.cmd`, which starts kuberlr where no link can be made.
 *
 * cmd.exe reads a script in the console's code page, which differs between machines, so characters
 * that are not ASCII may be misread. So a path begins with a variable where possible, a module is
 * written as its URL, and any other path is read while the code page is UTF-8.
 *
 * @module
 */

import { LAUNCHER_MARK } from "./mark.ts";

export interface ScriptPlace {
  /** The folder that the script is put into. */
  readonly folder: string;
  /** The value of USERPROFILE. */
  readonly home: string | undefined;
  /** PATH finds the program by its file name. */
  readonly isInPath?: boolean;
}

/**
 * Returns the script's text.
 *
 * @param words the command line that the arguments are appended to; the first is a path
 */
export function renderCmdScript(words: readonly string[], place: ScriptPlace): string {
  const [program = "", ...rest] = words.map((word) => toAscii(word, place));
  const start = startOf(program, place.isInPath ?? false);
  const lines = [...start.before, `@${[start.command, ...rest.map(quote)].join(" ")} %*`];
  return [`@rem ${LAUNCHER_MARK}`, ...lines, ""].join("\r\n");
}

/** Returns the command that starts the program, and the lines before it. */
function startOf(
  program: string,
  isInPath: boolean,
): { before: readonly string[]; command: string } {
  if (isAscii(program)) return { before: [], command: quote(program) };
  const name = program.slice(program.lastIndexOf("\\") + 1);
  if (isInPath && isAscii(name)) {
    // For a bare name, cmd.exe would look into the working directory first.
    return { before: [], command: `for %%i in ("${name}") do @"%%~$PATH:i"` };
  }
  return {
    before: [
      "@setlocal",
      // `chcp` prints "Active code page: 437" or "Aktive Codepage: 850."
      `@for /f "tokens=2 delims=:." %%p in ('chcp') do @set "_page=%%p"`,
      "@chcp 65001 >nul",
      `@set "_program=${program}"`,
      "@chcp %_page% >nul",
    ],
    command: `"%_program%"`,
  };
}

/** Returns a word in ASCII if possible. A percent sign that does not mark a variable is doubled. */
function toAscii(word: string, { folder, home }: ScriptPlace): string {
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
