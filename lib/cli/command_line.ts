/**
 * Parses kuberlr's own command line by the table of commands. kubectl's is parsed in
 * kubectl/argv.ts.
 *
 * `parseArgs` is that of @std/cli. `node:util` has one that parses `-ojson` as well, but loading it
 * takes some 5 ms.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import type { CommandSpec, FlagSpec } from "./command_spec.ts";
import { COUNTERPARTS } from "./counterparts.ts";
import { COMMANDS, findCommandSpec, flagsOf } from "./commands_table.ts";
import { KuberlrError } from "../errors.ts";
import { findCommand } from "../kubectl/argv.ts";
import { findNearest } from "../output/nearest.ts";
import { redactArgument } from "../output/redact.ts";

/** A command to run, with its flags and operands. */
export type CommandRun = Extract<ManagementCommand, { readonly kind: "run" }>;

export type ManagementCommand =
  | { readonly kind: "help"; readonly command: CommandSpec | undefined }
  | {
    readonly kind: "run";
    readonly command: CommandSpec;
    readonly flags: CommandFlags;
    readonly operands: readonly string[];
  };

/** The values by the flag's long name; `true` for a switch. A flag that is not given is absent. */
export type CommandFlags = Readonly<Record<string, string | true | undefined>>;

/**
 * Parses the arguments after `kuberlr`.
 *
 * @throws {KuberlrError} `usage`
 */
export function parseCommandLine(args: readonly string[]): ManagementCommand {
  const [first, ...rest] = args;
  if (first === undefined || first === "--help" || first === "-h") {
    return { kind: "help", command: undefined };
  }
  if (first === "--version") return parseCommandLine(["version", ...rest]);
  const command = findCommandSpec(first);
  if (command === undefined) throw unknownCommand(first);
  const [own, kubectls] = command.operands.kind === "kubectl" ? divide(command, rest) : [rest, []];
  const { flags, operands } = parseFlags(command, own);
  if (flags["help"]) return { kind: "help", command };
  if (command.name === "help") return helpOf(command, operands);
  const all = [...operands, ...kubectls];
  checkOperands(command, all);
  return { kind: "run", command, flags, operands: all };
}

function unknownCommand(word: string): KuberlrError {
  const what = word.startsWith("-") ? "flag" : "command";
  const known = what === "flag" ? ["--help", "--version"] : [
    ...COMMANDS.map(({ name }) => name),
    // They come last: of two names that are equally near, the first is suggested.
    ...Object.keys(COUNTERPARTS).filter((name) => name.length > 4),
  ];
  const nearest = findNearest(word, known);
  const hint = COUNTERPARTS[word] ??
    (findCommand([word]).length > 0
      ? `It is a command of kubectl: "kuberlr kubectl ${word} …"`
      : nearest !== undefined
      ? COUNTERPARTS[nearest] ?? `Did you mean "kuberlr ${nearest}"?`
      : `"kuberlr help" lists the commands; kubectl's own run as "kuberlr kubectl …"`);
  // The value of a flag of kubectl may be a token.
  const name = word.replace(/^(-[^=]*)=.*/s, "$1");
  return new KuberlrError("usage", `Unknown ${what} ${quote(name)}`, { hint });
}

/** @throws {KuberlrError} `usage` */
function helpOf(command: CommandSpec, operands: readonly string[]): ManagementCommand {
  checkOperands(command, operands);
  const [name] = operands;
  if (name === undefined) return { kind: "help", command: undefined };
  const explained = findCommandSpec(name);
  if (explained === undefined) throw unknownCommand(name);
  return { kind: "help", command: explained };
}

/**
 * Divides the words into kuberlr's flags and kubectl's command line. kuberlr's flags end at the
 * first word that is not one of them, or at `--`. A `kubectl` at that place is dropped.
 */
function divide(
  command: CommandSpec,
  args: readonly string[],
): readonly [own: readonly string[], kubectls: readonly string[]] {
  let end = 0;
  while (end < args.length) {
    const arg = args[end] ?? "";
    const flag = findFlag(command, arg);
    if (flag === undefined) break;
    end += flag.value === undefined || arg.includes("=") || isGlued(flag, arg) ? 1 : 2;
  }
  const rest = args.slice(end);
  return [args.slice(0, end), rest[0] === "--" || rest[0] === "kubectl" ? rest.slice(1) : rest];
}

function parseFlags(
  command: CommandSpec,
  args: readonly string[],
): { readonly flags: CommandFlags; readonly operands: readonly string[] } {
  const specs = flagsOf(command);
  checkSwitches(command, args);
  const unknown: string[] = [];
  const parsed = parseArgs(separateValues(command, args), {
    boolean: specs.filter(({ value }) => value === undefined).map(({ name }) => name),
    string: ["_", ...specs.filter(({ value }) => value !== undefined).map(({ name }) => name)],
    alias: Object.fromEntries(
      specs.flatMap(({ name, short }) => short === undefined ? [] : [[name, short]]),
    ),
    unknown: (arg) => {
      if (/^-./.test(arg)) unknown.push(arg);
      return !/^-./.test(arg);
    },
  });
  const [firstUnknown] = unknown;
  if (firstUnknown !== undefined) throw unknownFlag(command, firstUnknown);
  const flags: Record<string, string | true> = {};
  for (const spec of specs) {
    const value: unknown = parsed[spec.name];
    if (value === undefined || value === false) continue;
    if (spec.value !== undefined) checkValue(command, spec, String(value));
    flags[spec.name] = spec.value === undefined ? true : String(value);
  }
  return { flags, operands: parsed._.map(String) };
}

function findFlag(command: CommandSpec, arg: string): FlagSpec | undefined {
  const [name] = arg.split("=");
  return flagsOf(command).find((flag) =>
    name === `--${flag.name}` || (flag.short !== undefined && name === `-${flag.short}`) ||
    isGlued(flag, arg)
  );
}

/** Returns true if the value follows the short flag without a space: `-ojson`. */
function isGlued({ short, value }: FlagSpec, arg: string): boolean {
  return short !== undefined && value !== undefined && arg.length > 2 &&
    arg.startsWith(`-${short}`) &&
    arg[2] !== "=";
}

/** Rewrites `-ojson`, which `parseArgs` does not support, as `-o=json`. */
function separateValues(command: CommandSpec, args: readonly string[]): readonly string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const apart = args.slice(0, end).map((arg) => {
    const glued = flagsOf(command).some((flag) => isGlued(flag, arg));
    return glued ? `${arg.slice(0, 2)}=${arg.slice(2)}` : arg;
  });
  return [...apart, ...args.slice(end)];
}

/** Refuses a switch with a value: `parseArgs` takes every value except `false` as true. */
function checkSwitches(command: CommandSpec, args: readonly string[]): void {
  for (const arg of args.slice(0, args.includes("--") ? args.indexOf("--") : args.length)) {
    const [, value] = /^-[^=]*=(.*)$/s.exec(arg) ?? [];
    if (value === undefined || value === "true" || value === "false") continue;
    const flag = findFlag(command, arg);
    if (flag === undefined || flag.value !== undefined) continue;
    throw usage(command, `The flag "--${flag.name}" takes no value, but was given ${quote(value)}`);
  }
}

function unknownFlag(command: CommandSpec, arg: string): KuberlrError {
  const [name = ""] = arg.split("=");
  const known = flagsOf(command).map((flag) => `--${flag.name}`);
  // Many tools have a flag of this name.
  const nearest = name === "--json" && known.includes("--output")
    ? "-o json"
    : findNearest(name, known);
  return usage(
    command,
    `Unknown flag ${quote(name)} of "kuberlr ${command.name}"`,
    nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
  );
}

function checkValue(command: CommandSpec, spec: FlagSpec, given: string): void {
  const { name, value, kind, choices } = spec;
  if (given === "") {
    const expected = choices === undefined ? value : Object.keys(choices).join(", ");
    throw usage(command, `The flag "--${name}" needs a value: ${expected}`);
  }
  if ((kind === "directory" || kind === "file") && /^[a-z][a-z\d+.-]+:[\\/]/i.test(given)) {
    throw usage(command, `The flag "--${name}" needs a path, not a URL`);
  }
  if (choices === undefined || Object.hasOwn(choices, given)) return;
  const known = Object.keys(choices);
  const nearest = findNearest(given, known);
  throw usage(
    command,
    known.length <= 2
      ? `The flag "--${name}" must be ${known.map((each) => `"${each}"`).join(" or ")}, not ${
        quote(given)
      }`
      : `The flag "--${name}" cannot be ${quote(given)}; it is one of ${known.join(", ")}`,
    nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
  );
}

function checkOperands(command: CommandSpec, operands: readonly string[]): void {
  const { min, max, synopsis, kind } = command.operands;
  if (operands.length < min) {
    throw usage(command, `"kuberlr ${command.name}" needs an argument: ${synopsis}`);
  }
  if (operands.length > max) {
    const surplus = quote(operands[max] ?? "");
    throw usage(
      command,
      max === 0
        ? `"kuberlr ${command.name}" takes no arguments, but was given ${surplus}`
        : `"kuberlr ${command.name}" takes one argument, but was given ${surplus} too`,
    );
  }
  const choices = kind === "shell" ? synopsis.split("|") : undefined;
  const [first = ""] = operands;
  if (choices !== undefined && !choices.includes(first)) {
    const nearest = findNearest(first, choices);
    throw usage(
      command,
      `Unknown shell ${quote(first)}: it must be one of ${choices.join(", ")}`,
      nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
    );
  }
}

/** Returns an argument in quotes, for a message. */
function quote(arg: string): string {
  return `"${redactArgument(arg)}"`;
}

function usage(command: CommandSpec, message: string, hint?: string): KuberlrError {
  return new KuberlrError("usage", message, {
    hint: hint ?? `"kuberlr help ${command.name}" shows how to use it`,
  });
}
