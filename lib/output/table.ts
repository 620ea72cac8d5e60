/**
 * Tables that fit the terminal: columns shrink before lines break; where that does not help, remarks go below their
 * rows, and where even that does not, each row becomes a few lines of its own. Without a terminal nothing is cut.
 *
 * @module
 */
import { sanitize } from "./report.ts";
import { textWidth, truncateText, wrapText } from "./text_width.ts";

export interface Column {
  readonly title: string;
  /** Where a value that does not fit is cut; `never` where half of it would mislead. */
  readonly cut: "end" | "middle" | "never";
  /** What it is not cut below; 8 unless said otherwise. */
  readonly minWidth?: number;
  /** Of the last column: never cut, and on lines of its own beneath where there is no room beside the others. */
  readonly wrapBelow?: true;
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
  const line = (cells: readonly Cell[]) =>
    cells.map(({ text, tone }, index) => {
      const columnWidth = widths[index] ?? 0;
      const cut = columns[index]?.cut ?? "never";
      const shown = cut === "never" ? text : truncateText(text, columnWidth, cut);
      return paint(shown, tone, color) +
        " ".repeat(Math.max(0, columnWidth - textWidth(shown)));
    }).join(GAP).trimEnd() + "\n";
  const row = (cells: readonly Cell[]) => {
    const cleaned = cleanRow(cells);
    const remark = columns.at(-1)?.wrapBelow ? cleaned.at(-1) : undefined;
    const beside = totalWidth(widths.slice(0, columns.length - 1)) + GAP.length;
    const fits = widths.length === columns.length &&
      beside + textWidth(remark?.text ?? "") <= (width ?? Infinity);
    if (remark === undefined || fits) return line(cleaned);
    return line(cleaned.slice(0, -1)) + renderRemark(remark, width, color);
  };
  return { head: line(widths.map((_, index) => ({ text: columns[index]?.title ?? "" }))), row };
}

/** One word or phrase in its tone. */
export function paint(text: string, tone: Tone | undefined, color: boolean): string {
  return color && tone !== undefined && text !== "" ? `\x1b[${SGR[tone]}m${text}\x1b[0m` : text;
}

const GAP = "  ";
const MIN_COLUMN_WIDTH = 8;
const SGR: Readonly<Record<Tone, string>> = {
  good: "32",
  odd: "33",
  bad: "31",
  faint: "2",
  title: "1",
};

/** The width of each column that is shown side by side; `undefined` where they cannot be. */
function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined,
): readonly number[] | undefined {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index]?.text ?? "")))
  );
  if (width === undefined) return widths;
  let surplus = totalWidth(widths) - width;
  while (surplus > 0) {
    const widest = widestOf(columns, widths);
    if (widest === undefined) {
      return columns.at(-1)?.wrapBelow ? fitColumns(columns.slice(0, -1), rows, width) : undefined;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
    surplus--;
  }
  return widths;
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
}

function widestOf(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, { title, cut, minWidth = MIN_COLUMN_WIDTH }] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (cut === "never" || width <= Math.max(minWidth, textWidth(title))) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function cleanRow(cells: readonly Cell[]): readonly Cell[] {
  return cells.map((cell) => ({ ...cell, text: sanitize(cell.text) }));
}

function renderRemark(
  { text, tone }: Cell,
  width: number | undefined,
  color: boolean,
): string {
  if (text === "") return "";
  return wrapText(text, (width ?? Infinity) - GAP.length)
    .map((line) => `${GAP}${paint(line, tone, color)}\n`).join("");
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
