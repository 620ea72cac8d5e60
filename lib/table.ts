/**
 * Tables that fit the terminal: columns shrink before lines break; where even that does not help, each row becomes a
 * few lines of its own. Without a terminal nothing is cut.
 *
 * @module
 */
import { sanitize } from "./report.ts";
import { textWidth, truncateText } from "./text_width.ts";

export interface Column {
  readonly title: string;
  /** Where a value that does not fit is cut; `never` where half of it would mislead. */
  readonly cut: "end" | "middle" | "never";
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export type Tone = "good" | "odd" | "bad" | "faint" | "title";

export interface TableStyle {
  /** Columns of the terminal; `undefined`: none. */
  readonly width: number | undefined;
  readonly color: boolean;
}

/** With a final line break; `""` for no rows. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TableStyle,
): string {
  if (rows.length === 0) return "";
  const { head, row } = fitTable(columns, rows, style);
  return head + rows.map(row).join(head === "" ? "\n" : "");
}

/** A table whose rows come one by one. */
export interface FittedTable {
  /** `""` where each row becomes a few lines of its own. */
  readonly head: string;
  readonly row: (cells: readonly Cell[]) => string;
}

/** @param samples rows that are as wide as any will be */
export function fitTable(
  columns: readonly Column[],
  samples: readonly (readonly Cell[])[],
  { width, color }: TableStyle,
): FittedTable {
  const widths = fitColumns(columns, samples.map(cleanRow), width);
  if (widths === undefined) {
    return { head: "", row: (cells) => renderRecord(columns, cleanRow(cells), color) };
  }
  const row = (cells: readonly Cell[]) =>
    cleanRow(cells).map(({ text, tone }, index) => {
      const columnWidth = widths[index] ?? 0;
      const cut = columns[index]?.cut ?? "never";
      const shown = cut === "never" ? text : truncateText(text, columnWidth, cut);
      return paint(shown, tone, color) +
        " ".repeat(Math.max(0, columnWidth - textWidth(shown)));
    }).join(GAP).trimEnd() + "\n";
  return { head: row(columns.map(({ title }) => ({ text: title }))), row };
}

/** One word or phrase in its tone. */
export function paint(text: string, tone: Tone | undefined, color: boolean): string {
  return color && tone !== undefined && text !== "" ? `\x1b[${SGR[tone]}m${text}\x1b[0m` : text;
}

const GAP = "  ";
const LEAST_COLUMN_WIDTH = 8;
const SGR: Readonly<Record<Tone, string>> = {
  good: "32",
  odd: "33",
  bad: "31",
  faint: "2",
  title: "1",
};

/** The width of each column; `undefined` where they cannot all be shown side by side. */
function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined,
): readonly number[] | undefined {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index]?.text ?? "")))
  );
  if (width === undefined) return widths;
  let surplus = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) -
    width;
  while (surplus > 0) {
    const widest = widestOf(columns, widths);
    if (widest === undefined) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    surplus--;
  }
  return widths;
}

function widestOf(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, { title, cut }] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (cut === "never" || width <= Math.max(LEAST_COLUMN_WIDTH, textWidth(title))) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function cleanRow(cells: readonly Cell[]): readonly Cell[] {
  return cells.map((cell) => ({ ...cell, text: sanitize(cell.text) }));
}

function renderRecord(
  columns: readonly Column[],
  cells: readonly Cell[],
  color: boolean,
): string {
  const widest = Math.max(...columns.map(({ title }) => textWidth(title)));
  return columns.map(({ title }, index) => {
    const { text = "", tone } = cells[index] ?? {};
    return text === "" ? "" : `${title.padEnd(widest)}${GAP}${paint(text, tone, color)}\n`;
  }).join("");
}
