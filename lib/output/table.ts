/**
 * Renders tables that fit the terminal. If the columns do not fit side by side, these steps are
 * taken in order until they do: remarks go below their rows, columns shrink, names that would be
 * cut too much go below, and each row becomes a few lines of its own. Without a terminal nothing is
 * moved or cut.
 *
 * @module
 */
import { sanitize } from "./report.ts";
import { textWidth, truncateText, wrapText } from "./text_width.ts";

export interface Column {
  readonly title: string;
  /** The place at which a long value is cut; `never` if a part of it would mislead. */
  readonly cut: "end" | "middle" | "never";
  /** The width in terminal columns below which it does not shrink; 8 by default. */
  readonly minWidth?: number;
  /**
   * Set only for the last columns: if there is no room beside the other columns, the whole text
   * goes below the row. A text that may be cut goes there if it would get less than `minWidth`.
   */
  readonly wrapBelow?: true;
  /** Left out if that makes the other columns fit side by side. */
  readonly optional?: true;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export type Tone = "good" | "odd" | "bad" | "faint" | "title";

export interface TableStyle {
  /** Columns of the terminal; `undefined` without a terminal. */
  readonly width: number | undefined;
  readonly color: boolean;
}

/** Renders a table that ends in a line break; `""` for no rows. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, color }: TableStyle,
): string {
  if (rows.length === 0) return "";
  // On a terminal, an empty column would take room from others.
  const isShown = columns.map((_, index) =>
    width === undefined || rows.some((row) => (row[index]?.text ?? "") !== "")
  );
  const kept = columns.filter((_, index) => isShown[index]);
  const cells = rows.map((row) => cleanRow(row.filter((_, index) => isShown[index])));
  const widths = fitColumns(kept, cells, width);
  if (widths === undefined) {
    const optional = kept.findIndex((column) => column.optional);
    const rest = kept.filter((_, index) => index !== optional);
    const without = cells.map((row) => row.filter((_, index) => index !== optional));
    if (optional >= 0 && fitColumns(rest, without, width) !== undefined) {
      return renderTable(rest, without, { width, color });
    }
    return cells.map((row) => renderRecord(kept, row, { width, color })).join("\n");
  }
  const room = (width ?? Infinity) - totalWidth(widths) - GAP.length;
  const titles = kept.map(({ title }) => ({ text: title }));
  const lines = cells.map((row) => {
    const line = renderLine(kept, row.slice(0, widths.length), widths, color);
    const below = row.slice(widths.length).filter(({ text }) => text !== "");
    const [remark] = below;
    // A short remark fits to the right of its row, below its title.
    return remark !== undefined && kept.length === widths.length + 1 &&
        Math.max(textWidth(remark.text), textWidth(kept.at(-1)?.title ?? "")) <= room
      ? { text: `${line}${GAP}${paint(remark.text, remark.tone, color)}\n`, isBeside: true }
      : {
        text: line.trimEnd() + "\n" +
          renderRemarks(below, width, color),
      };
  });
  const isBeside = lines.some((line) => line.isBeside);
  const head = renderLine(kept, titles.slice(0, widths.length), widths, color) +
    (isBeside ? GAP + (titles.at(-1)?.text ?? "") : "");
  return [head.trimEnd() + "\n", ...lines.map(({ text }) => text)].join("");
}

/** Wraps the text in the escape sequences of its tone, if colours are wanted. */
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

/**
 * Returns the widths of the columns that are side by side; the others go below their rows. Nothing
 * is moved or cut if all columns fit.
 *
 * @returns `undefined` if the columns cannot be side by side
 */
function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined,
): readonly number[] | undefined {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index]?.text ?? "")))
  );
  if (width === undefined || totalWidth(widths) <= width) return widths;
  const last = columns.at(-1);
  const fitBefore = () => fitColumns(columns.slice(0, -1), rows, width);
  if (last?.wrapBelow && last.cut === "never") return fitBefore();
  for (let surplus = totalWidth(widths) - width; surplus > 0; surplus--) {
    const widest = widestOf(columns, widths);
    if (widest === undefined) return last?.wrapBelow ? fitBefore() : undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
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

function renderLine(
  columns: readonly Column[],
  cells: readonly Cell[],
  widths: readonly number[],
  color: boolean,
): string {
  return cells.map(({ text, tone }, index) => {
    const width = widths[index] ?? 0;
    const cut = columns[index]?.cut ?? "never";
    const shown = cut === "never" ? text : truncateText(text, width, cut);
    return paint(shown, tone, color) + " ".repeat(Math.max(0, width - textWidth(shown)));
  }).join(GAP);
}

/** Returns remarks on one line below the row if they fit, else each on lines of its own. */
function renderRemarks(
  cells: readonly Cell[],
  width: number | undefined,
  color: boolean,
): string {
  const room = (width ?? Infinity) - GAP.length;
  if (totalWidth(cells.map(({ text }) => textWidth(text))) <= room) {
    const painted = cells.map(({ text, tone }) => paint(text, tone, color)).join(GAP);
    return painted === "" ? "" : `${GAP}${painted}\n`;
  }
  return cells.flatMap(({ text, tone }) =>
    wrapText(text, room).map((line) => `${GAP}${paint(line, tone, color)}\n`)
  ).join("");
}

/** Renders a row as a line for each cell with text, wrapped at spaces; nothing is cut. */
function renderRecord(
  columns: readonly Column[],
  cells: readonly Cell[],
  { width, color }: TableStyle,
): string {
  const filled = columns.flatMap(({ title }, index) => {
    const { text = "", tone } = cells[index] ?? {};
    return text === "" ? [] : [{ title, text, tone }];
  });
  const widest = Math.max(...filled.map(({ title }) => textWidth(title)));
  const left = " ".repeat(widest + GAP.length);
  return filled.map(({ title, text, tone }) =>
    wrapText(text, Math.max(MIN_COLUMN_WIDTH, (width ?? Infinity) - left.length))
      .map((line, index) =>
        (index === 0 ? title.padEnd(left.length) : left) + paint(line, tone, color) + "\n"
      ).join("")
  ).join("");
}
