/**
 * Where the commands' words go: data on stdout, everything else on stderr.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Host } from "../ports/host.ts";
import { renderNote, renderWarning, sanitize, UNSAFE, wantsColor } from "../output/report.ts";
import { type Cell, type Column, renderTable, type TableStyle } from "../output/table.ts";

type Terminal = Pick<Host, "terminal">;

export function printJson(value: unknown, { terminal }: Terminal): void {
  // JSON escapes what ASCII has of control characters; terminals obey others, too.
  const text = JSON.stringify(value, undefined, 2).replaceAll(
    UNSAFE,
    (character) =>
      character === "\n"
        ? character
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  terminal.stdout.write(`${text}\n`);
}

/** For programs as it is, for eyes harmless. */
export function printPath(path: string, { terminal: { stdout } }: Terminal): void {
  stdout.write(`${stdout.isTerminal || stdout.isDumb ? sanitize(path) : path}\n`);
}

export function printTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  config: Pick<Config, "color">,
  host: Terminal,
): void {
  host.terminal.stdout.write(renderTable(columns, rows, stdoutStyle(config, host)));
}

/** What stdout can show. */
export function stdoutStyle(config: Pick<Config, "color">, { terminal }: Terminal): TableStyle {
  const { stdout } = terminal;
  return { width: stdout.columns(), color: wantsColor(config.color, stdout) };
}

export function printWarnings(
  warnings: readonly string[],
  config: Pick<Config, "color">,
  { terminal }: Terminal,
): void {
  const color = wantsColor(config.color, terminal.stderr);
  for (const warning of warnings) terminal.stderr.write(renderWarning(warning, { color }));
}

/** What is no data and no trouble: silent with `Quiet`. */
export function printNote(
  note: string,
  config: Pick<Config, "quiet">,
  { terminal }: Terminal,
): void {
  if (!config.quiet) terminal.stderr.write(renderNote(note));
}
