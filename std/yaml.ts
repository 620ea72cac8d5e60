/**
 * What kuberlr uses of `@std/yaml`, by the original's names, over `js-yaml`, from which the original was ported.
 * The original's default schema differs, so naming one is obligatory here.
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

/** @throws {SyntaxError} what is no YAML, and what holds more than one document. */
export function parse(content: string, options: ParseOptions): unknown {
  const { allowDuplicateKeys: json = false } = options;
  try {
    return load(content, { json, schema: CORE_SCHEMA, maxDepth: MAX_DEPTH }) ?? null;
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error));
  }
}
