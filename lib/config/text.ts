/**
 * Parses configuration files as TOML. It is a module of its own so that a machine without such a
 * file never loads a TOML parser.
 *
 * @module
 */
import { parse } from "@std/toml";
import type { ConfigFile } from "./file.ts";
import { KuberlrError } from "../errors.ts";
import { findRepeatedLine, lineOfTomlError } from "./toml_lines.ts";

/** @throws {KuberlrError} `config-invalid`, naming the file and the line */
export function parseConfigText(path: string, text: string): ConfigFile {
  const withoutMark = text.replace(/^\uFEFF/, "");
  try {
    const table = parse(withoutMark);
    const repeated = findRepeatedLine(withoutMark);
    if (repeated === undefined) return { path, text: withoutMark, table };
    throw new SyntaxError(`a key is set again on line ${repeated}`);
  } catch (error) {
    const line = lineOfTomlError(error);
    throw new KuberlrError(
      "config-invalid",
      `Cannot parse "${path}"${line === undefined ? "" : `, line ${line}`}: ${reasonOf(error)}`,
      { hint: `Correct it there; strings are quoted, as in KubeMirrorUrl = "https://dl.k8s.io"` },
    );
  }
}

/** The parser's message without its preamble and without the excerpt, which may hold a password. */
function reasonOf(error: unknown): string {
  const [first = ""] = String(error instanceof Error ? error.message : error).split("\n");
  return first.replace(/^(?:Invalid TOML document: |Parse error on line \d+, column \d+: )+/, "");
}
