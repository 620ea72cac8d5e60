/**
 * Writes the commands in hints with a name that starts this program.
 *
 * @module
 */
import { lookPath } from "../files/steps/look_path.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";

/**
 * Returns the hint with commands that can be typed as they stand. If PATH finds no `kuberlr`, for
 * example because it runs from a URL, they begin with the command that starts this program. On
 * Windows, where every shell quotes differently, the hint is not changed; nor is it for an
 * executable named kubectl.
 */
export function nameProgram(
  hint: string,
  host: Pick<Host, "env" | "files" | "platform" | "program">,
): string {
  if (host.platform.os === "windows" || !hint.includes(`"kuberlr `)) return hint;
  if (lookPath("kuberlr", host) !== undefined) return hint;
  const start = host.program.startCommand();
  if (start.kind === "executable") {
    if (start.path.endsWith("kubectl")) return hint;
    return startWith([start.path], hint);
  }
  const deno = lookPath("deno", host) === undefined ? start.deno : "deno";
  // Deno looks for a configuration beside a local file, which for the single file is a stranger's.
  const flags = /^\/.*\.js$/s.test(start.module) ? ["--no-config"] : [];
  return startWith([deno, "run", "-qA", ...flags, start.module], hint);
}

function startWith(words: readonly string[], hint: string): string {
  return hint.replaceAll(`"kuberlr `, `"${words.map(quoteShellWord).join(" ")} `);
}
