/**
 * The description of a command of kuberlr.
 *
 * @module
 */

export interface CommandSpec<Name extends CommandName = CommandName> {
  readonly name: Name;
  /** One line for the list of commands: a phrase without a full stop. */
  readonly summary: string;
  /** The words after the name that are not flags: `VERSION…`. */
  readonly operands: Operands;
  /** The paragraphs of its help. */
  readonly description: readonly string[];
  /** Its own flags; `flagsOf()` in commands_table.ts adds `-o` and `--help`. */
  readonly flags: readonly FlagSpec[];
  /** The shape of its JSON, as docs/commands.md shows it. Only a command with a shape has `-o`. */
  readonly json?: string;
  readonly examples: readonly Example[];
  /** Its statuses besides 0, 2 (wrong usage) and 125 (kuberlr failed), which every command has. */
  readonly exitStatuses: readonly ExitStatusSpec[];
}

export interface Operands {
  /** The words in help; `""` if there are none. */
  readonly synopsis: string;
  readonly min: number;
  readonly max: number;
  readonly kind: "none" | "version" | "versions" | "contexts" | "shell" | "command" | "kubectl";
}

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  /** The name of the value in help; a flag without a value is a switch. */
  readonly value?: string;
  /** The kind of names that completion suggests for the value. */
  readonly kind?: "directory" | "file" | "context";
  /** The allowed values, each with a summary for completion. */
  readonly choices?: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface Example {
  readonly command: string;
  readonly comment: string;
}

export interface ExitStatusSpec {
  readonly status: number;
  readonly meaning: string;
}

export type CommandName =
  | "kubectl"
  | "get"
  | "bins"
  | "which"
  | "explain"
  | "clusters"
  | "prune"
  | "skew"
  | "config"
  | "link"
  | "unlink"
  | "doctor"
  | "completion"
  | "version"
  | "help";
