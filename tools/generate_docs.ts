/**
 * Writes docs/commands.md from the table of commands.
 *
 * ```sh
 * deno run -A tools/generate_docs.ts
 * ```
 *
 * @module
 */
import type { CommandSpec } from "../lib/command_spec.ts";
import { COMMANDS, HELP_FLAG } from "../lib/commands_table.ts";
import { formatFlag, statusesOf, synopsisOf } from "../lib/usage.ts";
import { formatSource } from "./format_source.ts";

const OUTPUT = new URL("../docs/commands.md", import.meta.url);

/** What `-o json` prints, at least. Fields may be added, never renamed. */
const JSON_SHAPES: Readonly<Record<string, string>> = {
  get: `[{version, path, status: "downloaded" | "present"}]`,
  bins: `[{version, path, source: "local" | "system"}]`,
  explain: `{
  server, context, cluster, user,          // "" where there is none
  local,                                   // the command contacts no server
  version: {value?, source: "probe" | "cache" | "stale" | "unknown", ageSeconds?, reason?},
  window?: {oldest, newest},               // minors
  candidates: [{path, version, source, verdict}],
  plan: {kind: "use" | "download" | "refuse", path?, version?, reason, warning?, hint?},
  pin?: {kubectl, context?, origin},
  origins: [{what, from}],                 // where context, cluster, user, server, proxy come from
  kubeconfig: [path],                      // the files that were read
  settings: [{key, value, origin}],        // those that are not the default
  stages: [{name, milliseconds}],
  warnings: [text]
}`,
  clusters: `[{
  context, cluster, server, status: "ok" | "unreachable" | "denied" | "unknown",
  version?, ageSeconds?, kubectl?, skew?, trouble?, warning?
}]`,
  prune: `[{version, path, removed}]`,
  skew: `{
  input, release, preRelease?, commitsSinceTag?, commit?, dirty, vendor?,
  kubectl: {oldest, newest},               // minors
  goModule, kubernetesTag,
  clientGo: {major?, alsoTagged?, pseudoVersion?, compatibility, row?, tableOf},
  support: {status, released?, endOfLife?, newestPatch?, knownOn}
}
// of a build without a version: {input, commit?, dirty, explanation}`,
  config: `[{key, value, origin}]                 // origin: "default", a path, a variable`,
  doctor: `[{check, status: "ok" | "warning" | "error", finding, hint?}]`,
  version: `{gitVersion, gitCommit, gitTreeState, buildDate, platform, denoVersion}`,
};

export async function generateCommandsPage(): Promise<string> {
  const page = [
    "<!-- Written by tools/generate_docs.ts from lib/commands_table.ts: edit that. -->",
    "",
    "# The commands",
    "",
    "Data goes to stdout, everything else to stderr. Listings fit the terminal, and are whole where there is none; " +
    "`-o json` prints the same for scripts, to whose fields others may be added. Unknown commands and flags name the nearest.",
    "",
    ...COMMANDS.map(({ name, summary }) => `- [\`${name}\`](#${name}): ${summary}`),
    "",
    ...COMMANDS.flatMap(renderCommand),
  ].join("\n");
  return await formatSource(page, "md");
}

function renderCommand(command: CommandSpec): readonly string[] {
  const flags = command.name === "kubectl" ? command.flags : [...command.flags, HELP_FLAG];
  const shape = JSON_SHAPES[command.name];
  return [
    `## ${command.name}`,
    "",
    "```text",
    synopsisOf(command),
    "```",
    "",
    ...command.description.flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...(flags.length === 0 ? [] : [
      "| flag | |",
      "| --- | --- |",
      ...flags.map((flag) => `| \`${formatFlag(flag)}\` | ${escapeMarkdown(flag.summary)} |`),
      "",
    ]),
    "```sh",
    ...command.examples.flatMap((example) => [`# ${example.comment}`, example.command]),
    "```",
    "",
    ...(shape === undefined ? [] : ["With `-o json`:", "", "```text", shape, "```", ""]),
    `Exit status: ${statusesOf(command).map(({ term, text }) => `${term} ${text}`).join("; ")}.`,
    "",
  ];
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[<>*_|]/g, "\\$&");
}

if (import.meta.main) await Deno.writeTextFile(OUTPUT, await generateCommandsPage());
