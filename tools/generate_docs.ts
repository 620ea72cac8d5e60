/**
 * Writes docs/commands.md and a page for each command from the table of commands,
 * docs/configuration.md from the table of settings, and the list of files that are read in
 * docs/dev/security-review.md.
 *
 * ```sh
 * deno run -A tools/generate_docs.ts
 * ```
 *
 * @module
 */
import type { CommandSpec } from "../lib/cli/command_spec.ts";
import { COMMANDS, flagsOf } from "../lib/cli/commands_table.ts";
import { CONFIG_KEY_NAMES, CONFIG_KEYS } from "../lib/config/keys.ts";
import { formatFlag, statusesOf, synopsisOf } from "../lib/cli/usage.ts";
import {
  OTHER_READINGS,
  OWN_READINGS,
  type Reading,
  REGULAR_READINGS,
} from "../lib/files/readings.ts";
import { SAMPLES } from "./command_samples.ts";
import { formatSource } from "./format_source.ts";

const DOCS = new URL("../docs/", import.meta.url);

const WRITTEN_FROM_SPECS =
  "<!-- Written by tools/generate_docs.ts from the specs in lib/cli: edit those. -->";

/** Returns docs/commands.md: the list of commands, with samples. */
export async function generateCommandsPage(): Promise<string> {
  const page = [
    WRITTEN_FROM_SPECS,
    "",
    "# The commands",
    "",
    "Results go to stdout, everything else to stderr. Listings are shortened to fit the terminal, and printed in full in a pipe. " +
    "`-o json` prints the same for scripts; new fields may come. For an unknown command or flag, kuberlr suggests the nearest one.",
    "",
    "| command | does |",
    "| --- | --- |",
    ...COMMANDS.map(({ name, summary }) => `| [\`${name}\`](commands/${name}.md) | ${summary} |`),
    "",
    ...SAMPLES.flatMap(({ command, says, prints }) => [
      says,
      "",
      "```text",
      `$ ${command}`,
      prints.trim(),
      "```",
      "",
    ]),
  ].join("\n");
  return await formatSource(page, "md");
}

/** Returns docs/commands/NAME.md. */
export async function generateCommandPage(command: CommandSpec): Promise<string> {
  return await formatSource([WRITTEN_FROM_SPECS, "", ...renderCommand(command)].join("\n"), "md");
}

/** Returns docs/configuration.md. */
export async function generateConfigurationPage(): Promise<string> {
  const rows = CONFIG_KEY_NAMES.map((name) => {
    const key = CONFIG_KEYS[name];
    const shown = Array.isArray(key.default) ? key.default[0] : key.default;
    return `| \`${name}\` | \`${JSON.stringify(shown)}\` | ${escapeMarkdown(key.summary)} | ${
      escapeMarkdown(key.expected)
    } |`;
  });
  return await formatSource(
    [
      "<!-- Written by tools/generate_docs.ts from lib/config/keys.ts: edit that. -->",
      "",
      "# Configuration",
      "",
      "kuberlr reads settings from these files, if they exist. They are TOML; keys may be written in any letter case. " +
      "A later file wins over an earlier one:",
      "",
      "1. `/usr/etc/kuberlr.conf`",
      "2. `/etc/kuberlr.conf`",
      "3. `~/.kuberlr/kuberlr.conf`",
      "4. the file that the variable `KUBERLR_CFG` names",
      "",
      "On Windows the first two are `%APPDATA%\\kuberlr\\kuberlr.conf` and `%PROGRAMDATA%\\kuberlr\\kuberlr.conf`, " +
      "and `SystemPath` is empty unless it is set.",
      "",
      "A variable wins over every file. Its name is `KUBERLR_` and the key in capitals (`KUBERLR_TIMEOUT`). An empty " +
      "variable counts as unset. Booleans are `true`, `false`, `1` or `0`; directories are separated as in `PATH`, " +
      "URLs by commas.",
      "",
      "`kuberlr config` shows every setting and where it comes from. An invalid value stops kubectl and every command that uses settings, with exit " +
      "status 125; the message names the file, the line and the key. `kuberlr doctor` reports it as well. An unknown key causes a warning. An unknown " +
      "variable `KUBERLR_…` is ignored; `kuberlr config` and `kuberlr doctor` name it.",
      "",
      "| key | default | meaning | must be |",
      "| --- | --- | --- | --- |",
      ...rows,
      "",
      'If `Color` is `auto`, `NO_COLOR` counts as `Color = "never"`.',
      "",
      "## Which kubectl fits",
      "",
      '`Match` says which installed kubectls fit a server. `"window"` takes any kubectl within one minor of it, as the ' +
      "version skew policy allows: first the server's minor, then the next newer one, then the next older one. " +
      '`"minor"` takes only the server\'s own minor. `"patch"` takes only its exact release, if the mirror has that. ' +
      "If no installed kubectl fits, kuberlr downloads the server's release.",
      "",
      "`Renew` is a number of days. At most that often, a command that asks the server anyway also asks the mirror for a " +
      "newer patch of the minor in use. A newer patch is downloaded and used at once. If the mirror cannot be reached, " +
      "the command does not fail.",
      "",
      "`MinVersion` is the oldest kubectl that kuberlr chooses, even if a server says that it is older: kubectl runs with " +
      "your credentials. For such a server, kuberlr takes the kubectl of `MinVersion` and prints a warning. A pin wins " +
      "over `MinVersion`.",
      "",
      "A version that was never published, for example `v4.14.2`, counts as unknown, with a warning.",
      "",
      "## Digests",
      "",
      "kuberlr carries a table of SHA-256 digests. It has nearly every release for Linux from 1.15 on. For macOS and Windows, " +
      "a release of kuberlr has at least the newest patch of each minor from 1.23 on. A kubectl in the table is verified against " +
      "it, even if the mirror's checksum file says otherwise. Any other kubectl is verified against the mirror's checksum. " +
      '`Digests = "mirror"` switches the table off, for mirrors that serve builds of their own. `kuberlr bins` shows which of ' +
      "the two verified a kubectl.",
      "",
      "## Contexts",
      "",
      "A context can have its own kubectl, `Match`, `Renew` and `MinVersion`. The table names the context, or has a glob in " +
      "which `*` stands for any characters. If several match, the first one in a file wins, and a later file wins over an " +
      "earlier one:",
      "",
      "```toml",
      '[Contexts."prod-*"]',
      'Kubectl = "1.29"             # the newest 1.29',
      "",
      "[Contexts.legacy]",
      'Kubectl = "/opt/kubectl1.20" # or a path',
      "",
      '[Contexts."eu-*"]',
      'Match = "minor"',
      "Renew = 7",
      "```",
      "",
      "## Pins",
      "",
      "A pin is a version, a minor or a path. `Kubectl` pins a context, as above. The variable `KUBERLR_KUBECTL` pins every " +
      "context, for one command or for a shell. kuberlr obeys a pin outside the version skew policy, and prints a warning.",
      "",
    ].join("\n"),
    "md",
  );
}

const READINGS =
  /(<!-- Written by tools\/generate_docs.ts from lib\/files\/readings.ts. -->\n)[^]*?(\n## )/;

/**
 * Returns docs/dev/security-review.md with a new list of the files that are read. `page`: its
 * present text.
 */
export async function insertReadings(page: string): Promise<string> {
  const all: Readonly<Record<string, Reading>> = {
    ...OWN_READINGS,
    ...REGULAR_READINGS,
    ...OTHER_READINGS,
  };
  const rows = Object.values(all).map(({ what, where, used }) =>
    `| ${what} | ${where} | ${used} |`
  );
  const table = ["", "| what | where | used |", "| --- | --- | --- |", ...rows, ""].join("\n");
  return await formatSource(page.replace(READINGS, (_, begin, end) => begin + table + end), "md");
}

function renderCommand(command: CommandSpec): readonly string[] {
  const flags = flagsOf(command);
  return [
    `# kuberlr ${command.name}`,
    "",
    `${command.summary.replace(/^./, (first) => first.toUpperCase())}.`,
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
    ...(command.json === undefined
      ? []
      : ["With `-o json`:", "", "```text", command.json, "```", ""]),
    `Exit status: ${statusesOf(command).map(({ term, text }) => `${term} ${text}`).join("; ")}.`,
    "",
  ];
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[<>*_|]/g, "\\$&");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("commands.md", DOCS), await generateCommandsPage());
  await Deno.mkdir(new URL("commands", DOCS), { recursive: true });
  for (const command of COMMANDS) {
    await Deno.writeTextFile(
      new URL(`commands/${command.name}.md`, DOCS),
      await generateCommandPage(command),
    );
  }
  await Deno.writeTextFile(new URL("configuration.md", DOCS), await generateConfigurationPage());
  const review = new URL("dev/security-review.md", DOCS);
  await Deno.writeTextFile(review, await insertReadings(await Deno.readTextFile(review)));
}
