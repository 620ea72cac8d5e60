/**
 * Command lines as values, for tests of what reads them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type CommandLine, scanKubectlArgv } from "../../lib/kubectl/argv.ts";

/** Fields that are not given are empty. */
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

export interface Row {
  readonly args: readonly string[];
  readonly line: Partial<Omit<CommandLine, "flags">> & {
    readonly flags?: Readonly<Record<string, string>>;
  };
}

/** One test a row. */
export function testScans(rows: readonly Row[]): void {
  for (const { args, line: { flags = {}, ...line } } of rows) {
    Deno.test(`scanKubectlArgv() reads ${JSON.stringify(args)}`, () => {
      assertEquals(
        scanKubectlArgv(args),
        lineOf(args, { ...line, flags: new Map(Object.entries(flags)) }),
      );
    });
  }
}
