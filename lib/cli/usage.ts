/**
 * Renders help from the table of commands: one screen each, with examples and exit statuses.
 *
 * @module
 */
import type { CommandSpec, FlagSpec } from "./command_spec.ts";
import { COMMANDS, flagsOf } from "./commands_table.ts";
import { CONFIG_KEYS } from "../config/keys.ts";
import { renderTerms, type Term } from "../output/terms.ts";
import { wrapText } from "../output/text_width.ts";

export interface UsageStyle {
  /** The terminal's columns; `undefined` counts as 80. */
  readonly width: number | undefined;
}

/** Returns the output of `kuberlr help`. */
export function renderOverview({ width }: UsageStyle): string {
  const names = COMMANDS.map(({ name, summary }) => ({ term: name, text: summary }));
  return [
    ...wrapText("kuberlr runs the kubectl that fits the cluster.", columnsOf(width)),
    "",
    "Usage:",
    `  kubectl ARGS…             after "kuberlr link": run kubectl`,
    "  kuberlr kubectl ARGS…     the same, without kuberlr link",
    "  kuberlr COMMAND [FLAGS]",
    "",
    "Commands:",
    ...renderTerms(names, columnsOf(width)),
    "",
    "Exit status (kubectl's own, if kubectl ran):",
    ...renderTerms(ALL_STATUSES, columnsOf(width)),
    "",
    ...wrapText(`"kuberlr COMMAND --help" shows more, with examples.`, columnsOf(width)),
    "",
  ].join("\n");
}

/** Returns the output of `kuberlr help COMMAND`. */
export function renderHelp(command: CommandSpec, { width }: UsageStyle): string {
  const columns = columnsOf(width);
  return [
    ...wrapText(sentence(command.summary), columns),
    "",
    "Usage:",
    `  ${synopsisOf(command)}`,
    "",
    ...command.description.flatMap((paragraph) => [...wrapText(paragraph, columns), ""]),
    ...section("Settings:", command.name === "config" ? settingTerms() : [], columns),
    ...section("Flags:", flagsOf(command).map(termOfFlag), columns),
    "Examples:",
    ...renderExamples(command),
    "",
    ...section("Exit status:", statusesOf(command), columns).slice(0, -1),
    "",
  ].join("\n");
}

/** Returns the usage line of a command: `kuberlr get VERSION… [FLAGS]`. */
export function synopsisOf({ name, operands, flags, json }: CommandSpec): string {
  // kuberlr's flags come before kubectl's arguments, and after all others.
  const ownFlags = flags.length === 0 && json === undefined ? [] : ["[FLAGS]"];
  const words = operands.kind === "kubectl"
    ? [...ownFlags, operands.synopsis]
    : [operands.synopsis, ...ownFlags];
  return ["kuberlr", name, ...words].filter(Boolean).join(" ");
}

/** Returns a flag for help: `-o, --output FORMAT`. */
export function formatFlag({ name, short, value }: FlagSpec): string {
  return (short === undefined ? "" : `-${short}, `) + `--${name}` +
    (value === undefined ? "" : ` ${value}`);
}

export function statusesOf({ exitStatuses }: CommandSpec): readonly Term[] {
  const own = exitStatuses.map(({ status, meaning }) => ({ term: String(status), text: meaning }));
  return [...COMMON_STATUSES, ...own].toSorted((a, b) => Number(a.term) - Number(b.term));
}

const COMMON_STATUSES: readonly Term[] = [
  { term: "0", text: "done" },
  { term: "2", text: "wrong usage" },
  { term: "125", text: "kuberlr failed: its configuration, its folders or a bug" },
];

/** The exit statuses of all commands together. */
const ALL_STATUSES: readonly Term[] = [
  { term: "0", text: "done" },
  { term: "1", text: "doctor, clusters --check or get found a problem" },
  ...COMMON_STATUSES.slice(1),
  { term: "126", text: "the kubectl that was found cannot be executed" },
  { term: "127", text: "no kubectl is available" },
];

const INDENT = "  ";

function columnsOf(width: number | undefined): number {
  return Math.max(32, Math.min(width ?? 80, 100));
}

function sentence(phrase: string): string {
  return `${phrase.slice(0, 1).toUpperCase()}${phrase.slice(1)}.`;
}

function settingTerms(): readonly Term[] {
  return Object.entries(CONFIG_KEYS).map(([term, { summary, expected, default: value }]) => ({
    term,
    // If a setting is one of several words, the first is the default.
    text: `${summary} (${
      expected.startsWith('"') ? expected : JSON.stringify(Array.isArray(value) ? value[0] : value)
    })`,
  })).concat({
    term: `[Contexts."GLOB"]`,
    text:
      `Kubectl = "1.29" pins the contexts that match, as KUBERLR_KUBECTL pins all; also Match, Renew, MinVersion`,
  });
}

function termOfFlag(flag: FlagSpec): Term {
  return { term: formatFlag(flag), text: flag.summary };
}

function section(title: string, terms: readonly Term[], columns: number): readonly string[] {
  return terms.length === 0 ? [] : [title, ...renderTerms(terms, columns), ""];
}

/** Returns the examples, each with its comment on the line above. Commands are not wrapped. */
function renderExamples({ examples }: CommandSpec): readonly string[] {
  return examples.flatMap((
    { command, comment },
  ) => [`${INDENT}# ${comment}`, `${INDENT}${command}`]);
}
