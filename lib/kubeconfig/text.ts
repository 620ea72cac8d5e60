/**
 * Parses a kubeconfig. kubectl reads YAML 1.1, JSON included, in UTF-8 or, with a byte order mark,
 * UTF-16. Only the first document counts, and of equal keys the last.
 *
 * This parser accepts some texts that kubectl refuses: any kubectl will report those.
 *
 * @module
 */
import { parse } from "@std/yaml";
import { KubeconfigError } from "./fields.ts";
import { decodeBytes } from "../encoding/utf8.ts";
import { parseWithMergeKeys } from "./yaml_merge.ts";
import { isIndentedByTab, parseWithTags } from "./yaml_tags.ts";

/**
 * Returns `null` for an empty document: no bytes, only comments, `---`. @throws {KubeconfigError}
 */
export function parseKubeconfigBytes(bytes: Uint8Array): unknown {
  return parseKubeconfigText(decode(bytes));
}

/** Parses the first document of a text. @throws {KubeconfigError} it is not YAML */
export function parseKubeconfigText(text: string): unknown {
  try {
    return parseWithMergeKeys(firstDocument(text), parseDocument);
  } catch (error) {
    if (error instanceof RangeError) throw new KubeconfigError("not YAML: nested too deeply");
    if (!(error instanceof SyntaxError)) throw error;
    throw new KubeconfigError(`not YAML${describeFault(error)}`);
  }
}

/**
 * Returns the line that the parser names, else kuberlr's own reason, to follow "not YAML". The
 * parser's message is not used: parsers differ, and a message may quote a secret.
 */
function describeFault({ message }: SyntaxError): string {
  const [first = ""] = message.split("\n");
  const [, inBrackets, inWords] = /(?:\((\d+):\d+\)|at line (\d+), column \d+:)$/.exec(first) ?? [];
  const line = inBrackets ?? inWords;
  return line === undefined ? `: ${first.split(/[(<"]/, 1)[0]?.trim()}` : ` (line ${line})`;
}

/** Parses one document as kubectl's parser does, except for merge keys. @throws {SyntaxError} */
export function parseDocument(text: string): unknown {
  if (isIndentedByTab(text)) throw new SyntaxError("tabs as indentation");
  return parseWithTags(
    text,
    (plain) => parse(plain, { schema: "core", allowDuplicateKeys: true }),
  );
}

/** Returns the text of the first document. Markers count only at the beginning of a line. */
export function firstDocument(text: string): string {
  const body = endOfPrelude(text);
  MARKER.lastIndex = body;
  const end = MARKER.exec(text)?.index;
  return end === undefined ? text : text.slice(0, end);
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const label = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : "utf-8";
  const text = decodeBytes(label, bytes);
  if (text === undefined) throw new KubeconfigError(`not ${label.toUpperCase()}`);
  return text;
}

const MARKER = /(?<=^|[\r\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;
const LINE = /[^\r\n]*(?:\r\n|\r|\n|$)/y;

/**
 * Returns where the content begins: after comments, directives, stray `...` and the first `---`.
 */
function endOfPrelude(text: string): number {
  for (let start = 0; start < text.length;) {
    LINE.lastIndex = start;
    const line = LINE.exec(text)?.[0] ?? "";
    if (/^---(?:\s|$)/.test(line)) return start + 3;
    if (!/^(?:\s*(?:#|$)|%|\.\.\.(?:\s|$))/.test(line)) return start;
    start += line.length;
  }
  return text.length;
}
