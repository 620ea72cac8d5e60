/**
 * Reads and applies kuberc, kubectl's preferences: defaults for flags, aliases, and the credential
 * plugins that may run. Each of them can change the server that is asked.
 *
 * Rules: k8s.io/kubectl/pkg/kuberc of 1.34 to 1.36, measured. Which kubectl will run is not known
 * yet when this is read, so one that knows kuberc (1.34 and later) is assumed.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/kuberc/
 * @module
 */
import type { Env } from "../ports/host.ts";
import { isObject, type JsonObject, strictReader } from "../encoding/json.ts";
import { findKubercFlag, mayBeAlias, mentionsFlag } from "../kubectl/kuberc_argv.ts";
import {
  type CommandLine,
  findCommand,
  findCompletionRequest,
  scanKubectlArgv,
} from "../kubectl/argv.ts";
import { inHome } from "../kubeconfig/location.ts";
import type { Platform } from "../platform.ts";

export interface Kuberc {
  readonly defaults: readonly CommandDefaults[];
  readonly aliases: readonly Alias[];
  readonly plugins: PluginPolicy;
}

export interface CommandDefaults {
  readonly command: string;
  readonly options: readonly OptionDefault[];
}

export interface OptionDefault {
  /** The long name, without dashes. */
  readonly name: string;
  readonly value: string;
}

export interface Alias extends CommandDefaults {
  readonly name: string;
  readonly prependArgs: readonly string[];
  readonly appendArgs: readonly string[];
}

export type PluginPolicy =
  | { readonly kind: "allow-all" }
  | { readonly kind: "deny-all" }
  /**
   * Names and paths as written. A command matches if PATH resolves it to the same file as an entry.
   */
  | { readonly kind: "allowlist"; readonly commands: readonly string[] };

/** The location of kuberc, if it is read at all. */
export type KubercLocation =
  | { readonly kind: "off" }
  /** kubectl will refuse to run, because the flag conflicts with a variable or lacks its value. */
  | { readonly kind: "refused" }
  /** `explicit`: a flag or a variable names the file, so kubectl refuses to run without it. */
  | { readonly kind: "file"; readonly path: string; readonly explicit: boolean };

/**
 * Replaces a kuberc that kubectl refuses. No command will run, and no plugin may: it is unknown
 * which ones the file would allow.
 */
export const REFUSED_KUBERC: Kuberc = { defaults: [], aliases: [], plugins: { kind: "deny-all" } };

/**
 * Finds the file. `home` is kubectl's home directory, `""` if there is none; kubectl then looks
 * below the working directory.
 */
export function findKuberc(
  args: readonly string[],
  home: string,
  { env, platform }: { readonly env: Env; readonly platform: Platform },
): KubercLocation {
  if (env.get("KUBECTL_KUBERC")?.toLowerCase() === "false") return { kind: "off" };
  const flag = findKubercFlag(args);
  if (flag === "") return { kind: "refused" };
  const variable = env.get("KUBERC") ?? "";
  if (variable === "off") return { kind: flag === undefined ? "off" : "refused" };
  const usual = inHome(platform, home, "kuberc");
  if (flag !== undefined && flag !== usual) return { kind: "file", path: flag, explicit: true };
  if (variable !== "") return { kind: "file", path: variable, explicit: true };
  return { kind: "file", path: usual, explicit: flag !== undefined };
}

/**
 * Reads a parsed YAML document. Returns `undefined` if kubectl cannot decode it as a kuberc:
 * another kind, a field of the wrong type.
 */
export function parseKuberc(document: unknown): Kuberc | undefined {
  if (!isObject(document) || document.kind !== "Preference") return undefined;
  try {
    switch (document.apiVersion) {
      case "kubectl.config.k8s.io/v1beta1":
        return {
          defaults: entriesOf(document, "defaults", (entry) => parseDefaults(entry, "options")),
          aliases: entriesOf(document, "aliases", (entry) => parseAlias(entry, "options")),
          plugins: parsePolicy(document),
        };
      case "kubectl.config.k8s.io/v1alpha1":
        return {
          defaults: entriesOf(document, "overrides", (entry) => parseDefaults(entry, "flags")),
          aliases: entriesOf(document, "aliases", (entry) => parseAlias(entry, "flags")),
          plugins: { kind: "allow-all" },
        };
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Returns the command line that kubectl makes of this one. */
export function applyKuberc(line: CommandLine, { defaults, aliases }: Kuberc): CommandLine {
  const { args, command, positionals } = line;
  // cobra adds its command for completions only after kuberc has been applied.
  if (mayBeAlias(command) || findCompletionRequest(positionals) !== undefined) {
    return applyAlias(line, aliases);
  }
  const name = command.at(-1);
  const path = command.join(" ");
  // kubectl compares only the last word: a default of "rollout status" applies to any other
  // "status".
  const options = defaults
    .filter((entry) => findCommand(wordsOf(entry.command)).at(-1) === name)
    .flatMap((entry) => entry.options);
  return withOptions(args, options, (flag) => mentionsFlag(args, flag, path)) ?? line;
}

/**
 * Returns true if the policy forbids running a program. `lookPath` is Go's `exec.LookPath`: it
 * returns the path of a name, `undefined` if nothing can be run by it.
 */
export function isPluginForbidden(
  command: string,
  { plugins }: Kuberc,
  lookPath: (name: string) => string | undefined,
): boolean {
  switch (plugins.kind) {
    case "allow-all":
      return false;
    case "deny-all":
      return true;
    case "allowlist": {
      const path = lookPath(command);
      return path === undefined || !plugins.commands.some((entry) => lookPath(entry) === path);
    }
  }
}

/** Applies an alias. An alias gets only its own defaults, and cannot hide a command of kubectl. */
function applyAlias(line: CommandLine, aliases: readonly Alias[]): CommandLine {
  const { args } = line;
  const at = args.findIndex((arg) => !arg.startsWith("-") && !arg.startsWith("__complete"));
  const name = args[at];
  const alias = aliases.find((alias) => alias.name === name);
  if (alias === undefined || !mayBeAlias(findCommand([alias.name]))) return line;
  const command = findCommand(wordsOf(alias.command));
  // The word may be the value of a flag before it instead.
  const isCommand = scanKubectlArgv(args.slice(0, at + 1)).positionals.at(-1) === name;
  if (command.length === 0 || !isCommand) return line;
  const expanded = [
    ...args.slice(0, at),
    ...command,
    ...alias.prependArgs,
    ...args.slice(at + 1),
    ...alias.appendArgs,
  ];
  const path = command.join(" ");
  return withOptions(expanded, alias.options, (flag) => mentionsFlag(args, flag, path)) ??
    scanKubectlArgv(expanded);
}

/**
 * Puts options before the arguments, so that any argument overrides them: kubectl sets them before
 * it parses the line. Returns `undefined` if none is left to add.
 */
function withOptions(
  args: readonly string[],
  options: readonly OptionDefault[],
  isMentioned: (flag: string) => boolean,
): CommandLine | undefined {
  const added = options
    .filter(({ name }) => !isMentioned(name.replaceAll("_", "-")))
    .map(({ name, value }) => `--${name}=${value}`);
  return added.length === 0 ? undefined : scanKubectlArgv([...added, ...args]);
}

function wordsOf(command: string): readonly string[] {
  return command.split(/\s+/).filter((word) => word !== "");
}

function parseDefaults(entry: unknown, optionsKey: string): CommandDefaults {
  const fields = mappingOf(entry, "an entry");
  return {
    command: textOf(fields.command, "command"),
    options: entriesOf(fields, optionsKey, (option) => {
      const { name, default: value } = mappingOf(option, optionsKey);
      return { name: textOf(name, "name"), value: textOf(value, "default") };
    }),
  };
}

function parseAlias(entry: unknown, optionsKey: string): Alias {
  const fields = mappingOf(entry, "an alias");
  const args = (key: string) => entriesOf(fields, key, (arg) => textOf(arg, key));
  return {
    ...parseDefaults(entry, optionsKey),
    name: textOf(fields.name, "name"),
    prependArgs: args("prependArgs"),
    appendArgs: args("appendArgs"),
  };
}

function entriesOf<T>(
  fields: JsonObject,
  key: string,
  parse: (entry: unknown) => T,
): readonly T[] {
  return listOf(fields[key], key).map(parse);
}

/**
 * Returns `deny-all` for a policy that kubectl refuses: kubectl will not run, so no plugin needs
 * to.
 */
function parsePolicy(document: JsonObject): PluginPolicy {
  const policy = textOf(document.credentialPluginPolicy, "credentialPluginPolicy");
  const entries = entriesOf(document, "credentialPluginAllowlist", (entry) => {
    const { name, command } = mappingOf(entry, "an allowlist entry");
    // The field is named "name" in 1.35, and "command" since.
    return [textOf(name, "name"), textOf(command, "command")].filter((text) => text !== "");
  });
  if (policy === "Allowlist") {
    return entries.length > 0 && entries.every((names) => names.length === 1)
      ? { kind: "allowlist", commands: entries.flat() }
      : { kind: "deny-all" };
  }
  return (policy === "" || policy === "AllowAll") && entries.length === 0
    ? { kind: "allow-all" }
    : { kind: "deny-all" };
}

const { mappingOf, listOf, textOf } = strictReader(TypeError);
