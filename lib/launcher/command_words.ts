/**
 * Chooses the shortcut of a command line by its words alone. The launcher does this in shell code;
 * {@linkcode chooseShortcut} does the same in TypeScript, for `explain`, `doctor`, and the tests
 * that compare both with the full parser of `kubectl/argv.ts`.
 *
 * If that parser might understand a line differently, the line has no shortcut.
 *
 * @module
 */
import { GLOBAL_FLAGS, scanKubectlArgv } from "../kubectl/argv.ts";
import {
  KUBECTL_COMMANDS,
  SHORTHANDS,
  VALUE_FLAGS,
  VALUE_FLAGS_BY_COMMAND,
} from "../kubectl/flags.ts";
import { needOfLine } from "../kubectl/need.ts";

/** The launcher's knowledge of kubectl's command line, computed from kubectl's own tables. */
export interface WordTables {
  /** The first words of commands that ask a server, with any operands. */
  readonly server: readonly string[];
  /** The first words of commands that ask a server only if a subcommand follows. */
  readonly groups: readonly string[];
  /** The first words of commands that never ask a server. */
  readonly local: readonly string[];
  /** The long flags whose value is the next word, in every command. */
  readonly valueFlags: readonly string[];
  /** The long flags that only kuberlr handles. */
  readonly refusedFlags: readonly string[];
  /** The letters of short flags in most commands, and in an unknown one. */
  readonly letters: Letters;
  /** The letters of short flags in the commands where some mean other flags. */
  readonly lettersOf: Readonly<Record<string, Letters>>;
}

export interface Letters {
  /** The letters of flags with a value. */
  readonly value: string;
  /** The letters of flags without a value. */
  readonly bare: string;
}

/** A longer line has no shortcut, because a shell takes its time for every word. */
export const MAX_WORDS = 64;

/**
 * The global flags that are part of a shortcut's name, in the order of {@linkcode GLOBAL_FLAGS}.
 */
export const NAMED_FLAGS = ["context", "kubeconfig"] as const;

/** The longest name of a shortcut, in characters. A file name has at most 255 bytes. */
export const MAX_NAME_CHARACTERS = 200;

/**
 * The characters of a context or a kubeconfig's path that a shortcut's name may hold; `/` is
 * written as `%`. They are listed one by one, because a range means other characters in some
 * locales.
 */
export const NAME_CHARACTERS =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@+=~-";

/**
 * The flags that change what a command needs. The others of `NEED_FLAGS` count only for `create`.
 */
const NEED_CHANGING = ["client", "dry-run", "help", "local"];

/** `-h` prints help and `-s` names a server: only kuberlr handles these. */
const REFUSED_LETTERS = "hs";

/** Returns the tables for the launcher and for {@linkcode chooseShortcut}. */
export function wordTables(): WordTables {
  const paths = entriesOf(KUBECTL_COMMANDS);
  const first = paths.filter((path) => !path.includes(" "));
  const server = first.filter((name) => kindsOf(name, paths).every((kind) => kind === "server"));
  const groups = first.filter((name) => {
    const [alone, ...others] = kindsOf(name, paths);
    return alone === "local" && others.every((kind) => kind === "server");
  });
  const local = first.filter((name) => kindsOf(name, paths).every((kind) => kind === "local"));
  const letters = lettersFor("get", paths);
  const lettersOf = first.flatMap((name): [string, Letters][] => {
    const own = lettersFor(name, paths);
    return own.value === letters.value && own.bare === letters.bare ? [] : [[name, own]];
  });
  return {
    server,
    groups,
    local,
    valueFlags: entriesOf(VALUE_FLAGS).filter((flag) =>
      flag.length > 1 && !(GLOBAL_FLAGS as readonly string[]).includes(flag)
    ),
    refusedFlags: [
      ...GLOBAL_FLAGS.filter((flag) => !(NAMED_FLAGS as readonly string[]).includes(flag)),
      ...NEED_CHANGING.filter((flag) => flag !== "client"),
      ...new Set(entriesOf(VALUE_FLAGS_BY_COMMAND).map((entry) => entry.split(" ")[0]!)),
    ],
    letters,
    lettersOf: Object.fromEntries(lettersOf),
  };
}

/** Returns the kinds of need: of a command alone first, with operands, and of its subcommands. */
function kindsOf(name: string, paths: readonly string[]): readonly string[] {
  const below = paths.filter((path) => path.startsWith(`${name} `));
  const lines = [[name], [name, "x"], [name, "x", "y"], [name, "x:y", "z"]]
    .concat(below.flatMap((path) => [path.split(" "), [...path.split(" "), "x"]]));
  return lines.map((words) => needOfLine(scanKubectlArgv(words)).kind);
}

/** Returns the letters whose arity is the same in a command and in all its subcommands. */
function lettersFor(name: string, paths: readonly string[]): Letters {
  const all = new Set(entriesOf(SHORTHANDS).map((entry) => entry[0]!));
  const places = [name, ...paths.filter((path) => path.startsWith(`${name} `))];
  let value = "";
  let bare = "";
  for (const letter of [...all].toSorted()) {
    if (REFUSED_LETTERS.includes(letter)) continue;
    const kinds = new Set(places.map((place) => arityOf(letter, place)));
    if (kinds.size !== 1) continue;
    if (kinds.has("value")) value += letter;
    if (kinds.has("bare")) bare += letter;
  }
  return { value, bare };
}

/** Returns the arity of a short flag in a command. */
function arityOf(letter: string, path: string): "value" | "bare" | "unknown" {
  const { flags, incomplete } = scanKubectlArgv([...path.split(" "), `-${letter}`]);
  if (incomplete !== undefined) return "value";
  return flags.size === 1 ? "bare" : "unknown";
}

/** Returns the entries of a table of `kubectl/flags.ts`. */
function entriesOf(table: string): readonly string[] {
  return table.split(/[,\n]+/).filter((word) => word !== "");
}

/**
 * Returns the name under which the launcher looks for a shortcut; `undefined` if only kuberlr can
 * parse the line. `kubeconfigs` is the value of `KUBECONFIG`.
 */
export function chooseShortcut(
  args: readonly string[],
  kubeconfigs: string | undefined,
  tables: WordTables,
): string | undefined {
  const read = readWords(args, tables);
  if (read === undefined) return undefined;
  return shortcutName({ ...read, kubeconfigs: kubeconfigs || undefined });
}

/** The parts of a shortcut's name. They are the key of a memo, if that has no others. */
export interface ShortcutKey {
  readonly kind: "server" | "local" | "completion";
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  /** The variable `KUBECONFIG`. */
  readonly kubeconfigs: string | undefined;
}

/**
 * Returns `server` or `server,context=prod`; `undefined` if a value cannot be part of a file's
 * name.
 */
export function shortcutName(key: ShortcutKey): string | undefined {
  let name: string = key.kind;
  for (
    const [label, value] of [
      ["context", key.context],
      ["kubeconfig", key.kubeconfig],
      ["KUBECONFIG", key.kubeconfigs],
    ] as const
  ) {
    if (value === undefined) continue;
    if (value === "" || value.startsWith("-")) return undefined;
    for (const character of value) {
      if (character !== "/" && !NAME_CHARACTERS.includes(character)) return undefined;
    }
    name += `,${label}=${value.replaceAll("/", "%")}`;
  }
  return name.length <= MAX_NAME_CHARACTERS ? name : undefined;
}

type ReadWords = Omit<ShortcutKey, "kubeconfigs">;

/** Does the same as the launcher's code in choose_name.ts, line by line. */
function readWords(args: readonly string[], tables: WordTables): ReadWords | undefined {
  if (args.length > MAX_WORDS) return undefined;
  let kind: ReadWords["kind"] | "group" | undefined;
  let command = "";
  let waiting: "value" | "context" | "kubeconfig" | undefined;
  const values: { context?: string; kubeconfig?: string } = {};
  let letters = tables.letters;
  for (const word of args) {
    if (word.includes("--kuberc")) return undefined;
    if (waiting !== undefined) {
      if (word === "--") return undefined;
      if (waiting !== "value") {
        if (word === "") return undefined;
        values[waiting] = word;
      }
      waiting = undefined;
      continue;
    }
    if (word === "--") break;
    if (word === "" || word === "-") {
      if (kind !== "completion") return undefined;
      continue;
    }
    if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const flag = (equals < 0 ? word : word.slice(0, equals)).slice(2);
      if (/[_ ]|^-|^$/.test(flag)) return undefined;
      if (flag === "context" || flag === "kubeconfig") {
        if (equals < 0) waiting = flag;
        else if (equals === word.length - 1) return undefined;
        else values[flag] = word.slice(equals + 1);
        continue;
      }
      if (flag === "namespace") {
        if (equals < 0) waiting = "value";
        continue;
      }
      if (command === "" || tables.refusedFlags.includes(flag)) return undefined;
      if (flag === "client") {
        if (command !== "version" || kind === "completion") return undefined;
        if (word !== "--client" && word !== "--client=true") return undefined;
        kind = "local";
        continue;
      }
      if (equals < 0 && tables.valueFlags.includes(flag)) waiting = "value";
      continue;
    }
    if (word.startsWith("-")) {
      if (word === "-n") {
        waiting = "value";
        continue;
      }
      if (word[1] === "n") continue;
      if (command === "") return undefined;
      if (letters.value.includes(word[1]!)) {
        if (word.length === 2) waiting = "value";
        continue;
      }
      for (const letter of word.slice(1)) {
        if (!letters.bare.includes(letter)) return undefined;
      }
      continue;
    }
    if (command !== "") {
      if (kind === "group") kind = "server";
      continue;
    }
    if (word === "__complete" || word === "__completeNoDesc") {
      kind = "completion";
      continue;
    }
    command = word;
    letters = tables.lettersOf[word] ?? tables.letters;
    if (kind === "completion") continue;
    if (tables.server.includes(word)) kind = "server";
    else if (tables.groups.includes(word)) kind = "group";
    else if (tables.local.includes(word)) kind = "local";
    else return undefined;
  }
  if (waiting !== undefined || kind === undefined || kind === "group") return undefined;
  return { kind, context: values.context, kubeconfig: values.kubeconfig };
}
