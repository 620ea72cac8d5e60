/**
 * Applies YAML 1.1's merge keys as kubectl's parser does, in document order: `<<` overwrites keys
 * before it, and keys after it overwrite it; of a list of mappings, the first wins; a quoted `"<<"`
 * is an ordinary key. Since a parsed value tells neither quotes nor repeated keys, each plain `<<`
 * is marked in the text before it is parsed.
 *
 * Source: kubernetes-sigs/yaml, goyaml.v2/decode.go.
 *
 * @module
 */

export type ParseYaml = (text: string) => unknown;

/**
 * Parses a text and applies its merge keys. @throws {SyntaxError} a merged value is not a mapping,
 * or too much would be merged
 */
export function parseWithMergeKeys(text: string, parse: ParseYaml): unknown {
  if (!text.includes("<<") || text.includes(MARK)) return parse(text);
  let count = 0;
  const marked = text.replace(PLAIN_MERGE_KEY, (key) => `${key}${MARK}${count++}${MARK}`);
  const value = parse(marked);
  return count === 0 ? value : applyMerges(value, { done: new Map(), merged: 0 });
}

/**
 * A private-use character. No kubeconfig has a reason to contain it; in one that does, merge keys
 * are not applied.
 */
const MARK = "\uE4D9";
const MARKS = new RegExp(`${MARK}\\d+${MARK}`, "g");
const MERGE_KEY = new RegExp(`^<<${MARK}\\d+${MARK}$`);
const PLAIN_MERGE_KEY = /(?<=^|[\s{,?])<<(?=[ \t]*:(?:\s|$))/gm;

/** YAML's aliases can turn a short text into many keys; no real file needs so many. */
const MAX_MERGED_KEYS = 1_000_000;

interface Progress {
  /**
   * The results by input, so that shared values stay shared; `undefined` for a value in progress.
   */
  readonly done: Map<object, unknown>;
  merged: number;
}

function applyMerges(value: unknown, progress: Progress): unknown {
  if (typeof value === "string") return unmarked(value);
  if (typeof value !== "object" || value === null) return value;
  if (progress.done.has(value)) {
    const known = progress.done.get(value);
    if (known === undefined) throw new SyntaxError("a value contains itself");
    return known;
  }
  progress.done.set(value, undefined);
  const result = Array.isArray(value)
    ? value.map((item) => applyMerges(item, progress))
    : mergeMapping(value, progress);
  progress.done.set(value, result);
  return result;
}

function mergeMapping(mapping: object, progress: Progress): object {
  const result = new Map<string, unknown>();
  for (const [key, raw] of Object.entries(mapping)) {
    const value = applyMerges(raw, progress);
    if (!MERGE_KEY.test(key)) {
      result.set(unmarked(key), value);
      continue;
    }
    const sources = Array.isArray(value) ? value.toReversed() : [value];
    for (const source of sources) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        throw new SyntaxError("a merge key's value is not a mapping");
      }
      for (const [merged, member] of Object.entries(source)) result.set(merged, member);
      progress.merged += Object.keys(source).length;
      if (progress.merged > MAX_MERGED_KEYS) throw new SyntaxError("too many merged keys");
    }
  }
  return Object.fromEntries(result);
}

function unmarked(text: string): string {
  return text.includes(MARK) ? text.replace(MARKS, "") : text;
}
