/**
 * The man page kuberlr(1), from the same tables as help.
 *
 * @see https://man7.org/linux/man-pages/man7/man.7.html
 * @module
 */
import type { CommandSpec } from "../lib/cli/command_spec.ts";
import { COMMANDS, flagsOf } from "../lib/cli/commands_table.ts";
import { formatFlag, statusesOf, synopsisOf } from "../lib/cli/usage.ts";

/** Returns roff. @param epochSeconds the date of the page */
export function generateManPage(version: string, epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000).toISOString().slice(0, 10);
  return [
    `.TH KUBERLR 1 ${date} "kuberlr ${version}" "User Commands"`,
    ".SH NAME",
    `kuberlr \\- ${escape("runs a kubectl that fits the cluster")}`,
    ".SH SYNOPSIS",
    ...COMMANDS.flatMap((command) => [".nf", escape(synopsisOf(command)), ".fi"]),
    ".SH DESCRIPTION",
    escape(
      "kuberlr stands in PATH as kubectl. It finds the API server that kubectl would contact, learns its version, picks or " +
        "downloads a kubectl within one minor version of it, verifies it and becomes it.",
    ),
    ".SH COMMANDS",
    ...COMMANDS.flatMap(renderCommand),
    ".SH FILES",
    ...renderTerms([
      ["/etc/kuberlr.conf, ~/.kuberlr/kuberlr.conf", "Settings, in TOML."],
      ["~/.kuberlr/", "kubectls, and what is remembered of servers."],
    ]),
    ".SH ENVIRONMENT",
    ...renderTerms([
      ["KUBERLR_KUBECTL", "The kubectl for one command: a version, a minor or a path."],
      ["KUBERLR_KEY", 'The setting KEY; "kuberlr config" lists them.'],
    ]),
    ".SH SEE ALSO",
    ".BR kubectl (1)",
    "",
  ].join("\n");
}

function renderCommand(command: CommandSpec): readonly string[] {
  const flags = flagsOf(command);
  return [
    `.SS ${quote(synopsisOf(command))}`,
    ...command.description.flatMap((paragraph) => [escape(paragraph), ".PP"]).slice(0, -1),
    ...renderTerms(flags.map((flag) => [formatFlag(flag), flag.summary] as const)),
    ...command.examples.flatMap(({ command: line, comment }) => [
      ".PP",
      escape(`${comment}:`),
      ".PP",
      ".RS",
      ".nf",
      escape(line),
      ".fi",
      ".RE",
    ]),
    ".PP",
    "Exit status:",
    ...renderTerms(statusesOf(command).map(({ term, text }) => [term, text] as const)),
  ];
}

function renderTerms(terms: readonly (readonly [term: string, text: string])[]): readonly string[] {
  return terms.flatMap(([term, text]) => [".TP", `.B ${quote(term)}`, escape(text)]);
}

/**
 * Escapes a text for roff. There, a backslash begins an escape, an unescaped hyphen is printed as a
 * dash, and a dot or apostrophe at the start of a line begins a request.
 */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replaceAll("·", "\\(bu").replaceAll(/^(?=[.'])/gm, "\\&");
}

function quote(text: string): string {
  return `"${escape(text).replaceAll('"', "\\(dq")}"`;
}
