/**
 * Finds the line of a TOML text that sets a key, for messages: parsers return values without
 * positions, and their errors differ.
 *
 * It reads lines, not the grammar: headers, and `key =` at the start of a line outside multi-line
 * strings. The text is known to parse. Where no line is found (a key within an inline table), the
 * caller names only the file.
 *
 * @module
 */

/**
 * Returns the last line (1-based) that sets the key or opens the table of that name. Letter case
 * counts.
 */
export function findTomlLine(text: string, path: readonly string[]): number | undefined {
  let found: number | undefined;
  for (const { line, path: here } of listKeys(text)) {
    if (!startsWith(here, path)) continue;
    if (here.length === path.length) found = line;
    else found ??= line;
  }
  return found;
}

/**
 * Returns the line (1-based) that sets a key or opens a table for the second time. Some parsers
 * accept that.
 */
export function findRepeatedLine(text: string): number | undefined {
  const seen = new Set<string>();
  for (const { line, path } of listKeys(text)) {
    const key = JSON.stringify(path);
    if (seen.has(key)) return line;
    seen.add(key);
  }
  return undefined;
}

interface TomlKey {
  /** 1-based. */
  readonly line: number;
  /**
   * The parts of the key. For an element of an array of tables, the line of its header is one more
   * part.
   */
  readonly path: readonly string[];
}

function* listKeys(text: string): Generator<TomlKey> {
  let table: readonly string[] = [];
  let open: string | undefined;
  for (const [index, content] of text.split("\n").entries()) {
    const line = index + 1;
    if (open !== undefined) {
      if (content.includes(open)) open = undefined;
      continue;
    }
    const [, brackets = "", header] = /^\s*(\[{1,2})([^\]]*)\]/.exec(content) ?? [];
    const [, key, value = ""] = KEY_AND_VALUE.exec(content) ?? [];
    if (header !== undefined) {
      const element = brackets === "[[" ? [`#${line}`] : [];
      table = [...parseDottedKey(header), ...element];
      yield { line, path: table };
    } else if (key !== undefined) {
      yield { line, path: [...table, ...parseDottedKey(key)] };
    }
    const quotes = /"""|'''/.exec(value)?.[0];
    if (quotes !== undefined && value.split(quotes).length === 2) open = quotes;
  }
}

/**
 * Returns the reason why a line (1-based) is not TOML. It does not quote the line, which may hold a
 * password.
 */
export function describeTomlFault(text: string, line: number): string {
  if (findRepeatedLine(text) === line) return "the key is set a second time";
  const content = text.split("\n")[line - 1]?.trim() ?? "";
  if (!content.startsWith("[") && !content.includes("=")) return 'there is no "=" after the key';
  const value = /=\s*(.*)$/.exec(content)?.[1] ?? "";
  if (/^(["'])(?:(?!\1).)*$/.test(value)) return "the string has no closing quote";
  return /^(?!true\b|false\b|inf\b|nan\b)[A-Za-z]/.test(value)
    ? "the string has no quotes"
    : "this is not TOML";
}

/**
 * Returns the line (1-based) that a parser's error names: smol-toml in a property, `@std/toml` in
 * its message. If the parser names an empty line, the line before is wrong.
 */
export function lineOfTomlError(error: unknown, text: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const named = "line" in error ? error.line : /\bline (\d+)/.exec(error.message)?.[1];
  if (named === undefined) return undefined;
  const before = text.split("\n").slice(0, Number(named));
  return before.findLastIndex((line) => line.trim() !== "") + 1 || Number(named);
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
