/**
 * Command lines as values, for tests of what reads them.
 *
 * @module
 */
import type { CommandLine } from "../../lib/kubectl_argv.ts";

/** What is not named is empty. */
export function lineOf(args: readonly string[], parts: Partial<CommandLine>): CommandLine {
  return {
    args,
    command: [],
    positionals: [],
    rest: undefined,
    globals: {},
    flags: new Map(),
    incomplete: undefined,
    ...parts,
  };
}
