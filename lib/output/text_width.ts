/**
 * Measures, cuts and wraps text in terminal columns, by Unicode's rules for wide, combining and
 * emoji characters.
 *
 * @module
 */
import stringWidth from "string-width";

export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Cuts a text to this width, with `…` in place of its end or its middle. */
export function truncateText(text: string, columns: number, where: "end" | "middle"): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? "…" : "";
  const characters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)]
    .map(({ segment }) => segment);
  const tail = where === "end" ? 0 : Math.floor((columns - 1) / 2);
  const head = takeColumns(characters, columns - 1 - tail);
  const rest = takeColumns(characters.toReversed(), tail).toReversed();
  return `${head.join("")}…${rest.join("")}`;
}

/** Breaks a text at spaces into lines of this width; a longer word stays whole. */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function takeColumns(characters: readonly string[], columns: number): readonly string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += textWidth(character);
    if (used > columns) break;
    taken.push(character);
  }
  return taken;
}
