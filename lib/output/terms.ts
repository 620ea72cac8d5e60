/**
 * Renders lists of terms with their explanations.
 *
 * @module
 */
import { textWidth, wrapText } from "./text_width.ts";

export interface Term {
  readonly term: string;
  readonly text: string;
}

/**
 * Renders terms to the left and their texts, wrapped, to the right; below the term if fewer than 20
 * columns are left for the text.
 */
export function renderTerms(
  terms: readonly Term[],
  columns: number,
  indent = INDENT,
): readonly string[] {
  if (terms.length === 0) return [];
  const widest = Math.max(...terms.map(({ term }) => textWidth(term)));
  const left = indent.length + widest + 2;
  if (columns - left < 20) {
    return terms.flatMap(({ term, text }) => [
      `${indent}${term}`,
      ...wrapText(text, columns - indent.length - INDENT.length).map((line) =>
        `${indent}${INDENT}${line}`
      ),
    ]);
  }
  return terms.flatMap(({ term, text }) =>
    wrapText(text, columns - left).map((line, index) =>
      index === 0
        ? `${indent}${term}${" ".repeat(widest - textWidth(term) + 2)}${line}`
        : `${" ".repeat(left)}${line}`
    )
  );
}

const INDENT = "  ";
