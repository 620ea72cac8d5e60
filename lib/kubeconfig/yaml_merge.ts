/**
 * YAML 1.1's merge keys as kubectl's parser applies them: in document order, so that a key written
 * before `<<` is overwritten by it and a key after it overrides it; of a list of mappings the
 * earlier wins; a quoted `"<<"` is an ordinary key. A parser of plain values tells neither quotes
 * nor repeated keys, so each plain `<<` is marked in the text first.
 *
 * Source: kubernetes-sigs/yaml, goyaml.v2/decode.go.
 *
 * @module
 */

export type Parse = (text: string) => unknown;

/**
 * Parses with merge keys applied. @throws {SyntaxError} a merge of a value that is not a mapping,
 * or of far too much.
 */
export function parseWithMergeKeys(text: string, parse: Parse): unknown {
  if (!text.includes("<<") || text.includes(MARK)) return parse(text);
  let count = 0;
  const marked = text.replace(PLAIN_MERGE_KEY, (key) => `${key}${MARK}${count++}${MARK}`);
  const value = parse(marked);
  return count === 0 ? value : applyMerges(value, { done: new Map(), merged: 0 });
}

/**
 * A private-use character: no kubeconfig has a reason to hold it, and one that does has no merge
 * keys.
 */
const MARK = "\uE4D9";
const MARKS = new RegExp(`${MARK}\\d+${MARK}`, "g");
const MERGE_KEY = new RegExp(`^<<${MARK}\\d+${MARK}$`);
const PLAIN_MERGE_KEY = /(?<=^|[\s{,?])<<(?=[ \t]*:(?:\s|$))/gm;

/** Aliases turn a short text into many keys; no real file needs so many. */
const MOST_MERGED = 1_000_000;

interface Progress {
  /** Shared values stay shared; `undefined` while one is being worked on. */
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
        throw new SyntaxError("a merge key without a mapping");
      }
      for (const [merged, member] of Object.entries(source)) result.set(merged, member);
      progress.merged += Object.keys(source).length;
      if (progress.merged > MOST_MERGED) throw new SyntaxError("too many merged keys");
    }
  }
  return Object.fromEntries(result);
}

function unmarked(text: string): string {
  return text.includes(MARK) ? text.replace(MARKS, "") : text;
}
