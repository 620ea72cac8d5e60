/**
 * The output of management commands: data on stdout, everything else on stderr.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Host } from "../ports/host.ts";
import { renderNote, renderWarning, sanitize, UNSAFE, wantsColor } from "../output/report.ts";
import { type Cell, type Column, renderTable, type TableStyle } from "../output/table.ts";

export function printJson(value: unknown, { terminal }: Pick<Host, "terminal">): void {
  // JSON escapes only the control characters of ASCII; terminals obey others as well.
  const text = JSON.stringify(value, undefined, 2).replaceAll(
    UNSAFE,
    (character) =>
      character === "\n"
        ? character
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  terminal.stdout.write(`${text}\n`);
}

/** Prints a path, sanitized on terminals and unchanged into pipes and files. */
export function printPath(path: string, { terminal: { stdout } }: Pick<Host, "terminal">): void {
  stdout.write(`${stdout.isTerminal || stdout.isDumb ? sanitize(path) : path}\n`);
}

export function printTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  config: Pick<Config, "color">,
  host: Pick<Host, "terminal">,
): void {
  host.terminal.stdout.write(renderTable(columns, rows, stdoutStyle(config, host)));
}

/** Returns the width of stdout, and whether it gets colours. */
export function stdoutStyle(
  config: Pick<Config, "color">,
  { terminal }: Pick<Host, "terminal">,
): TableStyle {
  const { stdout } = terminal;
  return { width: stdout.columns(), color: wantsColor(config.color, stdout) };
}

export function printWarnings(
  warnings: readonly string[],
  config: Pick<Config, "color">,
  { terminal }: Pick<Host, "terminal">,
): void {
  const color = wantsColor(config.color, terminal.stderr);
  for (const warning of warnings) terminal.stderr.write(renderWarning(warning, { color }));
}

/** Prints a note on stderr, unless `Quiet` is set. */
export function printNote(
  note: string,
  config: Pick<Config, "quiet">,
  { terminal }: Pick<Host, "terminal">,
): void {
  if (!config.quiet) terminal.stderr.write(renderNote(note));
}
