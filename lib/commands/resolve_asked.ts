/**
 * Resolving for people: for `which`, `explain`, `doctor` and `get auto`, as a kubectl command would.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Config } from "../config/config.ts";
import type { Host } from "../ports/host.ts";
import { type CommandLine, scanKubectlArgv } from "../kubectl/argv.ts";
import { type Resolution, resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { printNote } from "./output.ts";

/**
 * Resolves a line. Where the server is asked, its answer is written down, and the next kubectl follows it.
 *
 * @throws {KuberlrError} `config-invalid`
 */
export async function resolveAsked(
  line: CommandLine,
  { refresh }: { readonly refresh: boolean },
  host: Host,
): Promise<Resolution> {
  return await resolveKubectl(line, { ask: refresh ? "refresh" : "ask" }, host);
}

/** Says which flags of kuberlr stand behind kubectl's words, where they are kubectl's. */
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
  const right = `"kuberlr ${name} ${misplaced} …"`;
  printNote(
    `"${misplaced}" was taken for kubectl's: kuberlr's own comes first, ${right}`,
    config,
    host,
  );
}

/**
 * Reads the words behind `which` and `explain`. Without a command, flags aside, `kubectl version` is meant, which asks the
 * server: a bare `kubectl` would print its help.
 */
export function scanAskedLine(args: readonly string[]): CommandLine {
  const line = scanKubectlArgv(args);
  return line.positionals.length > 0 || line.flags.has("help")
    ? line
    : scanKubectlArgv(["version", ...args]);
}
