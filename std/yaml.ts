/**
 * The part of `@std/yaml` that kuberlr uses, with the same names, by `js-yaml`, from which the
 * original was ported. The original has another default schema, so the schema must be named here.
 *
 * js-yaml stays at 4.3.2. With 5.5.0, a process of the single file needs more processor time: 24.4
 * instead of 22.9 ms for a kubeconfig of one cluster, 29.3 instead of 27.5 for 40, 156 instead of
 * 127 for 5,000 (the minimum of 12 runs). And it reads `0b11` as a string; kubectl reads 3.
 *
 * @module
 */
import { CORE_SCHEMA, load } from "js-yaml";

export interface ParseOptions {
  /** If set, the last of two equal keys counts, as in `JSON.parse`; otherwise they are an error. */
  readonly allowDuplicateKeys?: boolean;
  readonly schema: "core";
}

/** The limit of kubectl's own parser. */
const MAX_DEPTH = 10_000;

/**
 * Returns the value of a document; `null` for an empty text.
 *
 * @throws {SyntaxError} the text is not YAML, or holds more than one document
 */
export function parse(content: string, options: ParseOptions): unknown {
  const { allowDuplicateKeys: json = false } = options;
  try {
    return load(content, { json, schema: CORE_SCHEMA, maxDepth: MAX_DEPTH }) ?? null;
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error));
  }
}
