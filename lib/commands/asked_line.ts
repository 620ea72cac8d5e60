/**
 * The kubectl command line that `which` and `explain` are asked about.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Config } from "../config/config.ts";
import type { Host } from "../ports/host.ts";
import { type CommandLine, scanKubectlArgv } from "../kubectl/argv.ts";
import { printNote } from "./output.ts";

/** Prints a note if a flag of kuberlr comes after kubectl's words, where it counts as kubectl's. */
export function noteMisplaced(
  { command: { name }, flags }: Pick<CommandRun, "command" | "flags">,
  { args, flags: kubectls }: CommandLine,
  config: Pick<Config, "quiet">,
  host: Pick<Host, "terminal">,
): void {
  const words = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const misplaced = !flags["refresh"] && words.includes("--refresh")
    ? "--refresh"
    : name === "explain" && flags["output"] === undefined && kubectls.get("output") === "json"
    ? "-o json"
    : undefined;
  if (misplaced === undefined) return;
  printNote(
    `"${misplaced}" after kubectl's words belongs to kubectl; flags of kuberlr come first: ` +
      `"kuberlr ${name} ${misplaced} …"`,
    config,
    host,
  );
}

/**
 * Parses the words after `which` and `explain`. Without a command of kubectl, the line is that of
 * `kubectl version`, which asks the server: `kubectl` alone would print its help.
 */
export function scanAskedLine(args: readonly string[]): CommandLine {
  const line = scanKubectlArgv(args);
  return line.positionals.length > 0 || line.flags.has("help")
    ? line
    : scanKubectlArgv(["version", ...args]);
}
