/**
 * Parses kubectl's command line as far as it decides which server is meant, and if one is needed.
 *
 * Rules: spf13/pflag for flags, spf13/cobra for the command. `flags.ts` says which flags take the
 * next word. One pass is enough, unless a command's own flag precedes the command (`kubectl -f x
 * logs p`): then the line is parsed twice, as cobra does.
 *
 * @module
 */
import {
  BOOLEAN_GLOBALS,
  COMMAND_ALIASES,
  HIDDEN_GLOBALS,
  KUBECTL_COMMANDS,
  SHORTHANDS,
  VALUE_FLAGS,
  VALUE_FLAGS_BY_COMMAND,
} from "./flags.ts";

/**
 * The global flags that choose the server or how it is asked, by kubectl's own names, in the order
 * of a memo's key.
 */
export const GLOBAL_FLAGS = [
  "as",
  "as-group",
  "as-uid",
  "as-user-extra",
  "certificate-authority",
  "client-certificate",
  "client-key",
  "cluster",
  "context",
  "disable-compression",
  "insecure-skip-tls-verify",
  "kubeconfig",
  "kuberc",
  "password",
  "request-timeout",
  "server",
  "tls-server-name",
  "token",
  "user",
  "username",
] as const;

export type GlobalFlag = typeof GLOBAL_FLAGS[number];

/**
 * Values as typed, the last one of each flag; `"true"` for a boolean flag without a value. A flag
 * that is not given is absent.
 */
export type GlobalFlags = Readonly<Partial<Record<GlobalFlag, string>>>;

export interface CommandLine {
  /** All words, as typed. */
  readonly args: readonly string[];
  /**
   * The longest known command path, with aliases replaced by their commands: `["create", "secret",
   * "tls"]`.
   */
  readonly command: readonly string[];
  /** The words before `--` that are neither flags nor values of flags, the command included. */
  readonly positionals: readonly string[];
  /** The words after `--`; `undefined` if there is none. */
  readonly rest: readonly string[] | undefined;
  readonly globals: GlobalFlags;
  /**
   * Every flag that is given, by its long name, local flags included, with its last value: `""` for
   * a flag without one.
   */
  readonly flags: ReadonlyMap<string, string>;
  /** The last flag, if it lacks its value. kubectl refuses such a line. */
  readonly incomplete: string | undefined;
}

/**
 * Parses a command line. It never fails: a line that kubectl refuses is read as far as possible.
 */
export function scanKubectlArgv(args: readonly string[]): CommandLine {
  return scan(args, undefined);
}

/** Returns the longest command that the words begin with, aliases replaced. */
export function findCommand(words: readonly string[]): readonly string[] {
  const command: string[] = [];
  for (const word of words) {
    const name = findSubcommand(command.join(" "), word);
    if (name === undefined) break;
    command.push(name);
  }
  return command;
}

/**
 * Reads a boolean flag as Go's `strconv.ParseBool`. A bare flag (`""`) is true; a flag that is not
 * given (`undefined`) is false.
 */
export function isTrueFlag(value: string | undefined): boolean {
  return value !== undefined && /^(?:|1|t|T|true|TRUE|True)$/.test(value);
}

/** Returns the letter of a flag in the command `path`; `undefined` if it has none. */
export function findShorthand(flag: string, path: string): string | undefined {
  const end = SHORTHANDS.indexOf(`:${flag},`);
  if (end < 0) return undefined;
  const letter = SHORTHANDS.charAt(SHORTHANDS.lastIndexOf(",", end) + 1);
  return longNameOf(letter, path) === flag ? letter : undefined;
}

/**
 * Returns the word that asks cobra to complete the words after it; `undefined` if there is none.
 */
export function findCompletionRequest(positionals: readonly string[]): string | undefined {
  const first = positionals.find((word) => word !== "" && word !== "-");
  return isCompletionRequest(first) ? first : undefined;
}

/** `known` is the command that a first pass has found after flags that may belong to it. */
function scan(args: readonly string[], known: readonly string[] | undefined): CommandLine {
  const command = known === undefined ? [] : [...known];
  let path = command.join(" ");
  let isCommandOver = known !== undefined;
  let isFlagEarly = false;
  const positionals: string[] = [];
  const flags = new Map<string, string>();
  let rest: readonly string[] | undefined;
  let incomplete: string | undefined;

  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg.length < 2 || arg[0] !== "-") {
      positionals.push(arg);
      // cobra skips "" and "-". The words to be completed are a command line of their own.
      if (isCommandOver || arg === "" || arg === "-") continue;
      if (path === "" && isCompletionRequest(arg)) continue;
      const name = findSubcommand(path, arg);
      if (name === undefined) {
        isCommandOver = true;
      } else {
        command.push(name);
        path = path === "" ? name : `${path} ${name}`;
      }
      continue;
    }
    if (arg === "--") {
      rest = args.slice(index + 1);
      break;
    }
    let waiting = arg[1] === "-" ? readLong(arg, path, flags) : readLetters(arg, path, flags);
    if (path === "" && !isCommandOver) {
      const early = findEarlyFlag(arg);
      if (early !== undefined) {
        isFlagEarly = true;
        waiting = early;
      }
    }
    if (waiting === undefined) continue;
    if (index + 1 < args.length) {
      index++;
      flags.set(waiting, args[index]!);
    } else {
      incomplete = waiting;
    }
  }

  if (isFlagEarly && command.length > 0) return scan(args, command);
  return {
    args,
    command,
    positionals,
    rest,
    globals: pickGlobals(flags, path),
    flags,
    incomplete,
  };
}

function isCompletionRequest(word: string | undefined): boolean {
  return word === "__complete" || word === "__completeNoDesc";
}

/**
 * Reads `--name` and `--name=value` into `flags`. Returns the flag if its value is the next word.
 */
function readLong(arg: string, path: string, flags: Map<string, string>): string | undefined {
  const equals = arg.indexOf("=");
  const name = (equals < 0 ? arg.slice(2) : arg.slice(2, equals)).replaceAll("_", "-");
  if (name === "" || name[0] === "-") return undefined;
  if (equals < 0 && takesValue(name, path)) return name;
  flags.set(name, equals < 0 ? "" : arg.slice(equals + 1));
  return undefined;
}

/**
 * Reads `-x`, `-xyz`, `-xvalue` and `-x=value` into `flags`; as in pflag, `-x=` is the value `=`.
 * Returns the flag if its value is the next word.
 */
function readLetters(arg: string, path: string, flags: Map<string, string>): string | undefined {
  for (let at = 1; at < arg.length; at++) {
    const name = longNameOf(arg[at]!, path);
    if (name === undefined) return undefined;
    if (arg[at + 1] === "=" && at + 2 < arg.length) {
      flags.set(name, arg.slice(at + 2));
      return undefined;
    }
    if (takesValue(name, path)) {
      if (at + 1 === arg.length) return name;
      flags.set(name, arg.slice(at + 1));
      return undefined;
    }
    flags.set(name, "");
  }
  return undefined;
}

/**
 * While cobra looks for the command, it takes every flag that is not global for one with a value.
 * Returns such a flag if the command that is found may not take a value for it.
 */
function findEarlyFlag(arg: string): string | undefined {
  if (arg[1] !== "-") {
    const name = arg.length === 2 ? longNameOf(arg[1]!, "") : undefined;
    return name === undefined || GLOBAL_SHORTHANDS.includes(arg[1]!) ? undefined : name;
  }
  if (arg.includes("=")) return undefined;
  const name = arg.slice(2).replaceAll("_", "-");
  return VALUE_FLAGS_BY_COMMAND.includes(`,${name} `) ? name : undefined;
}

const GLOBAL_SHORTHANDS = "hnsv";

function takesValue(name: string, path: string): boolean {
  if (has(VALUE_FLAGS, name)) return true;
  if (!VALUE_FLAGS_BY_COMMAND.includes(`,${name} `)) return false;
  return lookUp(VALUE_FLAGS_BY_COMMAND, `${name} ${path}`) === "value";
}

function longNameOf(letter: string, path: string): string | undefined {
  return (path === "" ? undefined : lookUp(SHORTHANDS, `${letter} ${path}`)) ??
    lookUp(SHORTHANDS, letter);
}

function findSubcommand(path: string, word: string): string | undefined {
  const key = path === "" ? word : `${path} ${word}`;
  if (has(KUBECTL_COMMANDS, key) && !word.includes(" ")) return word;
  return path === "" ? undefined : lookUp(COMMAND_ALIASES, key);
}

function pickGlobals(flags: ReadonlyMap<string, string>, path: string): GlobalFlags {
  const globals: Partial<Record<GlobalFlag, string>> = {};
  for (const [name, value] of flags) {
    if (!isGlobalFlag(name) || has(HIDDEN_GLOBALS, `${name} ${path}`)) continue;
    globals[name] = value === "" && has(BOOLEAN_GLOBALS, name) ? "true" : value;
  }
  return globals;
}

function isGlobalFlag(name: string): name is GlobalFlag {
  return (GLOBAL_FLAGS as readonly string[]).includes(name);
}

function has(table: string, word: string): boolean {
  return table.includes(`,${word},`) && !word.includes(",") && !word.includes("\n");
}

/** Returns the value of a key; `undefined` for a word with the table's own punctuation. */
function lookUp(table: string, key: string): string | undefined {
  const start = table.indexOf(`,${key}:`);
  if (start < 0 || key.includes(",") || key.includes(":")) return undefined;
  const from = start + key.length + 2;
  return table.slice(from, table.indexOf(",", from));
}
