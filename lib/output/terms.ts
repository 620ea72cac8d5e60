/**
 * Short words to the left, what they mean to the right.
 *
 * @module
 */
import { textWidth, wrapText } from "./text_width.ts";

export interface Term {
  readonly term: string;
  readonly text: string;
}

/** Terms to the left, texts wrapped to the right; below one another where that leaves too little room. */
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
