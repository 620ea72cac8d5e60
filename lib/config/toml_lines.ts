/**
 * Where in a TOML text a key is set, so that a message can name its line: parsers return values without places, and
 * each words its errors in its own way.
 *
 * It reads lines, not the grammar: headers, and `key =` at the start of a line outside multi-line strings. The text is
 * known to parse; where the scan finds nothing (a key within an inline table) the caller names the file alone.
 *
 * @module
 */

/** 1-based; keys compare as written. The last line that sets the key, or opens the table of that name. */
export function findTomlLine(text: string, path: readonly string[]): number | undefined {
  let table: readonly string[] = [];
  let open: string | undefined;
  let found: number | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (open !== undefined) {
      if (line.includes(open)) open = undefined;
      continue;
    }
    const header = /^\s*\[(?!\[)(.*)\]/.exec(line)?.[1];
    const [, key, value = ""] = KEY_AND_VALUE.exec(line) ?? [];
    if (header !== undefined) table = parseDottedKey(header);
    const here = header !== undefined
      ? table
      : key === undefined
      ? undefined
      : [...table, ...parseDottedKey(key)];
    if (here !== undefined && startsWith(here, path)) found = found ?? index + 1;
    if (here !== undefined && here.length === path.length && startsWith(here, path)) {
      found = index + 1;
    }
    const quotes = /"""|'''/.exec(value)?.[0];
    if (quotes !== undefined && value.split(quotes).length === 2) open = quotes;
  }
  return found;
}

/** The line that a TOML parser's error speaks of: a property in smol-toml, words in `@std/toml`. */
export function lineOfTomlError(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("line" in error && typeof error.line === "number") return error.line;
  const line = /\bline (\d+)/.exec(error.message)?.[1];
  return line === undefined ? undefined : Number(line);
}

const PART = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)`;
const KEY_AND_VALUE = new RegExp(String.raw`^\s*(${PART}(?:\s*\.\s*${PART})*)\s*=(.*)$`, "s");

function parseDottedKey(text: string): readonly string[] {
  return (text.match(new RegExp(PART, "g")) ?? []).map((part) => {
    if (part.startsWith("'")) return part.slice(1, -1);
    if (!part.startsWith('"')) return part;
    try {
      return String(JSON.parse(part));
    } catch {
      return part.slice(1, -1);
    }
  });
}

function startsWith(whole: readonly string[], start: readonly string[]): boolean {
  return start.every((part, index) => whole[index] === part);
}
