/**
 * Parses configuration files as TOML. This is a module of its own, so that a machine without such a
 * file never loads a TOML parser.
 *
 * @module
 */
import { parse } from "@std/toml";
import type { ConfigFile } from "./file.ts";
import { KuberlrError } from "../errors.ts";
import { describeTomlFault, findRepeatedLine, lineOfTomlError } from "./toml_lines.ts";

/** Parses a file's text. @throws {KuberlrError} `config-invalid`, naming the file and the line */
export function parseConfigText(path: string, text: string): ConfigFile {
  const withoutMark = text.replace(/^\uFEFF/, "");
  const result = parseToml(withoutMark);
  // Some parsers accept a repeated key.
  const line = "table" in result ? findRepeatedLine(withoutMark) : result.line;
  if ("table" in result && line === undefined) return { path, text: withoutMark, ...result };
  throw new KuberlrError(
    "config-invalid",
    line === undefined
      ? `Cannot parse "${path}": it is not TOML`
      : `Cannot parse "${path}", line ${line}: ${describeTomlFault(withoutMark, line)}`,
    { hint: `Correct it there; strings are quoted, as in KubeMirrorUrl = "https://dl.k8s.io"` },
  );
}

/**
 * Returns the table or the line of the error. The parser's message is not used: parsers differ, and
 * a message may quote a password.
 */
function parseToml(
  text: string,
): Pick<ConfigFile, "table"> | { readonly line: number | undefined } {
  try {
    return { table: parse(text) };
  } catch (error) {
    return { line: lineOfTomlError(error, text) };
  }
}
