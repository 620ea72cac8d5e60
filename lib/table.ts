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

export type Tone = "good" | "odd" | "bad" | "faint";

export interface TableStyle {
  /** Columns of the terminal; `undefined`: none. */
  readonly width: number | undefined;
  readonly color: boolean;
}

/** With a final line break; `""` for no rows. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, color }: TableStyle,
): string {
  if (rows.length === 0) return "";
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: sanitize(cell.text) })));
  const widths = fitColumns(columns, clean, width);
  if (widths === undefined) return renderRecords(columns, clean, color);
  const head = columns.map(({ title }): Cell => ({ text: title }));
  return [head, ...clean].map((row) =>
    row.map((cell, index) => {
      const columnWidth = widths[index] ?? 0;
      const cut = columns[index]?.cut ?? "never";
      const text = cut === "never" ? cell.text : truncateText(cell.text, columnWidth, cut);
      return paint(text, cell.tone, color) + " ".repeat(Math.max(0, columnWidth - textWidth(text)));
    }).join(GAP).trimEnd() + "\n"
  ).join("");
}

/** One word or phrase in its tone. */
export function paint(text: string, tone: Tone | undefined, color: boolean): string {
  return color && tone !== undefined ? `\x1b[${SGR[tone]}m${text}\x1b[0m` : text;
}

const GAP = "  ";
const LEAST_COLUMN_WIDTH = 8;
const SGR: Readonly<Record<Tone, string>> = { good: "32", odd: "33", bad: "31", faint: "2" };

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

function renderRecords(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  color: boolean,
): string {
  const widest = Math.max(...columns.map(({ title }) => textWidth(title)));
  return rows.map((row) =>
    columns.map(({ title }, index) => {
      const { text = "", tone } = row[index] ?? {};
      return text === "" ? "" : `${title.padEnd(widest)}${GAP}${paint(text, tone, color)}\n`;
    }).join("")
  ).join("\n");
}
