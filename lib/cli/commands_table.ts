/**
 * The table of kuberlr's commands. Parsing, help, suggestions, completion and docs/commands.md are
 * derived from it.
 *
 * @module
 */
import type { CommandName, CommandSpec, FlagSpec } from "./command_spec.ts";
import { BINS, GET, KUBECTL, PRUNE } from "./kubectl_specs.ts";
import { CLUSTERS, EXPLAIN, SKEW, WHICH } from "./cluster_specs.ts";
import { COMPLETION, CONFIG, DOCTOR, HELP, LINK, UNLINK, VERSION } from "./setup_specs.ts";
import { HELP_FLAG, OUTPUT } from "./common_flags.ts";

/** The compiler refuses a table that lacks the spec of a name. */
export type CommandTable = { readonly [Name in CommandName]: CommandSpec<Name> };

/** The order is that of help. */
const TABLE: CommandTable = {
  kubectl: KUBECTL,
  get: GET,
  bins: BINS,
  which: WHICH,
  explain: EXPLAIN,
  clusters: CLUSTERS,
  prune: PRUNE,
  skew: SKEW,
  config: CONFIG,
  link: LINK,
  unlink: UNLINK,
  doctor: DOCTOR,
  completion: COMPLETION,
  version: VERSION,
  help: HELP,
};

export const COMMANDS: readonly CommandSpec[] = Object.values(TABLE);

export function findCommandSpec(name: string): CommandSpec | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/**
 * Returns the command's own flags, `--output` if it has a JSON shape, and `--help`. The command
 * `kubectl` has none: all its flags are kubectl's.
 */
export function flagsOf({ name, flags, json }: CommandSpec): readonly FlagSpec[] {
  if (name === "kubectl") return [];
  return [...flags, ...(json === undefined ? [] : [OUTPUT]), HELP_FLAG];
}
