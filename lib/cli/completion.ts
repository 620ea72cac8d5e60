/**
 * Completion of kuberlr's own command line. The shells' scripts run `kuberlr __complete WORDS…`;
 * the last word is the one that is being typed.
 *
 * @module
 */
import type { CommandSpec, FlagSpec } from "./command_spec.ts";
import { COMMANDS, findCommandSpec, flagsOf } from "./commands_table.ts";
import { SHELLS } from "./setup_specs.ts";
import { newestMinors } from "../version/kubernetes_releases.ts";

export interface Completion {
  readonly suggestions: readonly Suggestion[];
  /**
   * The suggestions that the shell or the caller adds: names of files, directories or contexts, or
   * kubectl's own, for the words from an index on.
   */
  readonly also:
    | { readonly kind: "nothing" | "files" | "directories" }
    /** The names of contexts that begin with `typed`, each with `prefix` before it. */
    | { readonly kind: "contexts"; readonly typed: string; readonly prefix: string }
    | { readonly kind: "kubectl"; readonly from: number };
}

export interface Suggestion {
  readonly value: string;
  readonly summary: string;
}

export function completeWords(words: readonly string[]): Completion {
  const typed = words.at(-1) ?? "";
  const [name, ...rest] = words.slice(0, -1);
  if (name === undefined) return suggestions(typed, COMMANDS.map(suggestCommand));
  const command = findCommandSpec(name);
  if (command === undefined) return NOTHING;
  const flags = flagsOf(command);
  if (command.operands.kind === "kubectl") {
    const own = command.name === "kubectl" ? 0 : countOwn(flags, rest);
    const flag = own > rest.length ? findFlag(flags, rest.at(-1)) : undefined;
    if (flag !== undefined) return completeValue(flag, typed);
    // kuberlr's flags are suggested only before the first of kubectl's words.
    const offered = own === rest.length ? completeFlagWord(typed, rest, flags).suggestions : [];
    return { suggestions: offered, also: { kind: "kubectl", from: own + 1 } };
  }
  // Bash passes "=" as a separate word.
  const equals = typed === "=" || rest.at(-1) === "=";
  const flag = findFlag(flags, rest.at(rest.at(-1) === "=" ? -2 : -1));
  if (flag?.value !== undefined) {
    return completeValue(flag, equals ? typed.replace("=", "") : typed);
  }
  const [, assigned, value = ""] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  if (assigned !== undefined) return completeAssigned(findFlag(flags, assigned), value);
  if (typed.startsWith("-")) return completeFlagWord(typed, rest, flags);
  if (command.operands.kind === "contexts") return completeContext(typed, "");
  return suggestions(typed, operandsOf(command, rest.filter((word) => !word.startsWith("-"))));
}

/**
 * Returns a line for each suggestion, with its summary after a tab. The last line tells the shell
 * which suggestions to add.
 */
export function renderCompletion({ suggestions, also }: Completion): string {
  return [
    ...suggestions.map(({ value, summary }) => `${value}\t${summary}`),
    also.kind === "kubectl"
      ? `:kubectl ${also.from}`
      : also.kind === "contexts"
      ? ":nothing"
      : `:${also.kind}`,
    "",
  ].join("\n");
}

/** The number of minors that are suggested: the supported ones, and a few older ones. */
const OFFERED_MINORS = 8;

const NOTHING: Completion = { suggestions: [], also: { kind: "nothing" } };

function suggestions(typed: string, all: readonly Suggestion[]): Completion {
  return { ...NOTHING, suggestions: all.filter(({ value }) => value.startsWith(typed)) };
}

function suggestCommand({ name, summary }: CommandSpec): Suggestion {
  return { value: name, summary };
}

function completeFlagWord(
  typed: string,
  given: readonly string[],
  flags: readonly FlagSpec[],
): Completion {
  if (!typed.startsWith("-")) return NOTHING;
  const left = flags.filter((flag) =>
    !given.some((word) => isFlag(flag, word.split("=")[0] ?? ""))
  );
  return suggestions(
    typed,
    left.map((flag) => ({ value: `--${flag.name}`, summary: flag.summary })),
  );
}

function completeValue(flag: FlagSpec, typed: string): Completion {
  if (flag.kind === "directory") return { suggestions: [], also: { kind: "directories" } };
  if (flag.kind === "file") return { suggestions: [], also: { kind: "files" } };
  if (flag.kind === "context") return completeContext(typed, "");
  const choices = Object.entries(flag.choices ?? {});
  return suggestions(typed, choices.map(([value, summary]) => ({ value, summary })));
}

/** Completes a value after `--output=`: each suggestion is the whole word. */
function completeAssigned(flag: FlagSpec | undefined, typed: string): Completion {
  if (flag === undefined) return NOTHING;
  const { suggestions: values, also } = completeValue(flag, typed);
  return {
    suggestions: values.map((each) => ({ ...each, value: `--${flag.name}=${each.value}` })),
    also: also.kind === "contexts" ? { ...also, prefix: `--${flag.name}=` } : also,
  };
}

function completeContext(typed: string, prefix: string): Completion {
  return { suggestions: [], also: { kind: "contexts", typed, prefix } };
}

function operandsOf({ operands }: CommandSpec, given: readonly string[]): readonly Suggestion[] {
  if (given.length >= operands.max) return [];
  switch (operands.kind) {
    case "shell":
      return SHELLS.map((value) => ({ value, summary: `for ${value}` }));
    case "command":
      return COMMANDS.map(suggestCommand);
    case "versions":
      return [
        { value: "auto", summary: "the kubectl that fits the current cluster" },
        { value: "stable", summary: "the newest release of all" },
        ...newestMinors(OFFERED_MINORS).map((value) => ({ value, summary: "its newest patch" })),
      ];
    case "none":
    case "contexts":
    case "version":
    case "kubectl":
      return [];
  }
}

function isFlag({ name, short }: FlagSpec, word: string): boolean {
  return word === `--${name}` || (short !== undefined && word === `-${short}`);
}

function findFlag(flags: readonly FlagSpec[], word = ""): FlagSpec | undefined {
  return flags.find((flag) => isFlag(flag, word));
}

/** Returns the number of words before kubectl's: kuberlr's flags and their values. */
function countOwn(flags: readonly FlagSpec[], words: readonly string[]): number {
  let count = 0;
  while (count < words.length) {
    const word = words[count] ?? "";
    const flag = findFlag(flags, word.split("=")[0]);
    if (flag === undefined) return count;
    count += flag.value === undefined || word.includes("=") ? 1 : 2;
  }
  return count;
}
