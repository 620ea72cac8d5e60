/**
 * Every command of kuberlr: its name, its arguments, its purpose. This one table drives parsing,
 * help, suggestions, completion and docs/commands.md.
 *
 * @module
 */
import type { CommandName, CommandSpec, FlagSpec } from "./command_spec.ts";
import { BINS, GET, KUBECTL, PRUNE } from "./kubectl_specs.ts";
import { CLUSTERS, EXPLAIN, SKEW, WHICH } from "./cluster_specs.ts";
import { COMPLETION, CONFIG, DOCTOR, HELP, LINK, UNLINK, VERSION } from "./setup_specs.ts";
import { HELP_FLAG, OUTPUT } from "./common_flags.ts";

/** Every name has its own spec: the compiler refuses a table without one. */
export type CommandTable = { readonly [Name in CommandName]: CommandSpec<Name> };

/** In the order in which help lists them. */
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
 * The command's own flags, `-o json` if it has a JSON shape, and `--help`. `kubectl` has none: all
 * are kubectl's.
 */
export function flagsOf({ name, flags, json }: CommandSpec): readonly FlagSpec[] {
  if (name === "kubectl") return [];
  return [...flags, ...(json === undefined ? [] : [OUTPUT]), HELP_FLAG];
}
