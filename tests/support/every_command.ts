/**
 * Command lines for tests that must hold for every command. If a command lacks one, this does not
 * compile.
 *
 * @module
 */
import type { CommandName } from "../../lib/cli/command_spec.ts";
import { COMMANDS } from "../../lib/cli/commands_table.ts";

/** The words after each command's name, separated by spaces. */
export type CommandLines = Readonly<
  Record<CommandName, readonly [line: string, ...others: string[]]>
>;

/**
 * Returns every line as arguments. The first line of a command comes again with `-o json` if the
 * command has that.
 */
export function everyCommand(lines: CommandLines): readonly (readonly string[])[] {
  return COMMANDS.flatMap(({ name, json }) => {
    const words = lines[name].map((line) => line.split(" ").filter((word) => word !== ""));
    return [
      ...words.map((line) => [name, ...line]),
      ...(json === undefined ? [] : [[name, "-o", "json", ...words[0]!]]),
    ];
  });
}

/** Returns one line of each command, for tests that start a process for each. */
export function oneOfEach(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lines.toReversed().map((line) => [line[0], line])).values()].toReversed();
}
