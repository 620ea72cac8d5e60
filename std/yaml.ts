/**
 * What kuberlr uses of `@std/yaml`, by the original's names, over `js-yaml`, from which the original was ported.
 * Code that imports it relies only on what both do alike: of the schemas `failsafe` and `core`, one document a text.
 *
 * @module
 */
import { CORE_SCHEMA, FAILSAFE_SCHEMA, load } from "js-yaml";

export interface ParseOptions {
  /** The last of two equal keys counts, as in `JSON.parse`; without it they are an error. */
  readonly allowDuplicateKeys?: boolean;
  readonly schema?: "failsafe" | "core";
}

/** @throws {SyntaxError} what is no YAML, and what holds more than one document. */
export function parse(content: string, options: ParseOptions = {}): unknown {
  const { allowDuplicateKeys = false, schema = "core" } = options;
  try {
    return load(content, {
      json: allowDuplicateKeys,
      schema: schema === "failsafe" ? FAILSAFE_SCHEMA : CORE_SCHEMA,
    }) ?? null;
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error));
  }
}
