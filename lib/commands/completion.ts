/**
 * `kuberlr completion SHELL`: prints the script that makes a shell ask `kuberlr __complete`.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { completionScript, isShell } from "../cli/completion_scripts.ts";
import type { Host } from "../ports/host.ts";

export function completion({ operands }: CommandRun, { terminal }: Pick<Host, "terminal">): number {
  const [shell = ""] = operands;
  if (!isShell(shell)) throw new Error(`The table of commands knows no shell "${shell}"`);
  terminal.stdout.write(completionScript(shell));
  return 0;
}
