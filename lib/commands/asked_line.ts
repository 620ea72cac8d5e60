/**
 * The command line that `which` and `explain` are asked about.
 *
 * @module
 */
import { type CommandLine, scanKubectlArgv } from "../kubectl/argv.ts";

/** Who names no command, flags aside, means one that asks the server: a bare `kubectl` would print its help. */
export function scanAskedLine(args: readonly string[]): CommandLine {
  const line = scanKubectlArgv(args);
  return line.positionals.length > 0 || line.flags.has("help")
    ? line
    : scanKubectlArgv(["version", ...args]);
}
