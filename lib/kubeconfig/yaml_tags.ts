/**
 * Applies YAML's tags as kubectl's parser does. A tag of the core schema keeps its meaning,
 * `!!binary` is decoded, and any other tag makes a scalar a string (`!vault 0123` is "0123") and
 * changes nothing about a list or a mapping.
 *
 * `@std/yaml` refuses unknown tags, `!!int` and tags of keys. Only if it has refused a text are the
 * tags rewritten, and the text parsed again. A small scanner finds the tags; it knows quotes,
 * comments and block scalars, so that it does not take other text for a tag.
 *
 * Source: kubernetes-sigs/yaml, goyaml.v2/resolve.go and decode.go.
 *
 * @module
 */
import { decodeUtf8 } from "../encoding/utf8.ts";
import type { ParseYaml } from "./yaml_merge.ts";

/** Parses a text with tags of any kind. @throws {SyntaxError} */
export function parseWithTags(text: string, parse: ParseYaml): unknown {
  try {
    return parse(text);
  } catch (error) {
    // `@std/yaml` throws a TypeError at an `!!int` without a value.
    const isRefused = error instanceof SyntaxError || error instanceof TypeError;
    if (!isRefused || !text.includes("!")) throw error;
    const rewritten = rewriteTags(text);
    if (rewritten === text) throw error;
    return parse(rewritten);
  }
}

interface Token {
  readonly kind: "tag" | "scalar" | "other";
  readonly start: number;
  readonly end: number;
  /** The style of a block scalar (`|`, `>`) or the quote; `""` for a plain scalar. */
  readonly style: string;
  /** The number of brackets and braces around it. */
  readonly depth: number;
}

/**
 * Returns true if a tab indents a key or an item of a list, which YAML and kubectl refuse, but not
 * every parser. Tabs in JSON, in scalars and before comments are allowed.
 */
export function isIndentedByTab(text: string): boolean {
  if (!/^ *\t/m.test(text)) return false;
  return scan(text).some(({ start, end, depth, kind }) => {
    const before = text.slice(text.lastIndexOf("\n", start) + 1, start);
    if (depth > 0 || !/^ *\t\s*$/.test(before)) return false;
    KEY_END.lastIndex = end;
    return (kind === "other" && /^[-?]/.test(text.slice(start, end))) || KEY_END.test(text);
  });
}

const CORE = /^!(?:!|<tag:yaml\.org,2002:)(str|int|float|bool|null|seq|map)>?$/;
/** Every parser accepts these tags on a list, a mapping or an empty value. */
const KNOWN_TYPE = /^(?:str|seq|map)$/;
const BINARY = /^!(?:!binary|<tag:yaml\.org,2002:binary>)$/;

/**
 * Returns the text with each tag replaced by its effect, except for tags that every parser accepts.
 * Line numbers stay the same, since an error may name one.
 */
export function rewriteTags(text: string): string {
  const tokens = [...scan(text)];
  let result = "";
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "tag") continue;
    const tag = text.slice(token.start, token.end);
    const next = tokens[index + 1];
    const value = next !== undefined && text[next.start] === "&" ? tokens[index + 2] : next;
    const isScalar = value?.kind === "scalar" && !isKeyOfBlock(text, token, value);
    const meaning: Meaning = isScalar
      ? rewriteScalar(tag, text.slice(value.start, value.end), value.style, isKey(text, value))
      : { tag: KNOWN_TYPE.test(CORE.exec(tag)?.[1] ?? "") ? tag : "" };
    result += text.slice(at, token.start) + meaning.tag;
    // The blanks after a removed tag are removed, too, so that a key keeps its column.
    SPACE_IN_LINE.lastIndex = token.end;
    at = token.end + (meaning.tag === "" ? SPACE_IN_LINE.exec(text)?.[0].length ?? 0 : 0);
    if (meaning.scalar !== undefined && value !== undefined) {
      const lines = text.slice(value.start, value.end).match(/\n/g)?.join("") ?? "";
      result += text.slice(at, value.start) + meaning.scalar + lines;
      at = value.end;
    }
  }
  return result + text.slice(at);
}

interface Meaning {
  readonly tag: string;
  /** Replaces the scalar, if it is set. */
  readonly scalar?: string;
}

function rewriteScalar(tag: string, scalar: string, style: string, isKey: boolean): Meaning {
  const binary = BINARY.test(tag) ? decodeBinary(scalar, style) : undefined;
  if (binary !== undefined) return { tag: "", scalar: JSON.stringify(binary) };
  const type = CORE.exec(tag)?.[1] ?? "str";
  if (type !== "str") {
    const [, quoted] = /^(["'])([\w+.~-]*)\1$/.exec(scalar)?.slice(1) ?? [];
    return { tag: "", ...quoted !== undefined && { scalar: quoted } };
  }
  if (!isKey) return { tag: "!!str" };
  return { tag: "", ...style === "" && { scalar: `'${scalar.replaceAll("'", "''")}'` } };
}

function isKey(text: string, { end }: Token): boolean {
  KEY_END.lastIndex = end;
  return KEY_END.test(text);
}

/**
 * Returns true if a scalar on a later line is the first key of a mapping. The tag is that
 * mapping's.
 */
function isKeyOfBlock(text: string, tag: Token, value: Token): boolean {
  return text.slice(tag.end, value.start).includes("\n") && isKey(text, value);
}

function decodeBinary(scalar: string, style: string): string | undefined {
  const content = style === "|" || style === ">"
    ? scalar.slice(scalar.search(/\n|$/))
    : style === ""
    ? scalar
    : scalar.slice(1, -1);
  try {
    return decodeUtf8(Uint8Array.fromBase64(content.replace(/\s/g, "")));
  } catch {
    return undefined;
  }
}

const KEY_END = /[ \t]*:(?:\s|$)/y;
const FIRST_OF_BLOCK = /\r?\n(?:[ \t]*\r?\n)*( *)[^\s]/y;
const SPACE = /[ \t\r\n\uFEFF]*/y;
const SPACE_IN_LINE = /[ \t]*/y;
const COMMENT = /#[^\n]*/y;
const TAG = /!(?:<[^>\s]*>|[^\s,[\]{}]*)/y;
const ANCHOR = /[&*][^\s,[\]{}]*/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\[^])*"?/y;
const SINGLE_QUOTED = /'(?:[^']|'')*'?/y;
const BLOCK_HEADER = /[|>][-+\d]*[ \t]*(?:#[^\n]*)?(?=\r?\n|$)/y;
const INDICATOR = /(?:(?<=^|\n)---|[-?:])(?=\s|$)/y;
const PLAIN_IN_BLOCK = /(?:[^\s:#]|:(?!\s|$)|[ \t]+(?![\s#])|(?<!\s)#)+/y;
const PLAIN_IN_FLOW = /(?:[^\s:#,[\]{}]|:(?![\s,[\]{}]|$)|[ \t]+(?![\s#])|(?<!\s)#)+/y;

/** Yields the tokens in order. A text that is not YAML yields some tokens, too. */
function* scan(text: string): Generator<Token> {
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const take = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0];
    };
    at += take(SPACE)?.length ?? 0;
    if (at === text.length) return;
    const start = at;
    const [kind, taken, style = ""] = takeToken(text[at]!, depth, take);
    if (taken === "[" || taken === "{") depth++;
    else if (taken === "]" || taken === "}") depth = Math.max(0, depth - 1);
    at += taken.length;
    if (style === "|" || style === ">") at = endOfBlock(text, start, at);
    if (taken[0] !== "#") yield { kind, start, end: at, style, depth };
  }
}

function takeToken(
  first: string,
  depth: number,
  take: (pattern: RegExp) => string | undefined,
): readonly [kind: Token["kind"], text: string, style?: string] {
  switch (first) {
    case "#":
      return ["other", take(COMMENT)!];
    case "!":
      return ["tag", take(TAG)!];
    case "&":
    case "*":
      return ["other", take(ANCHOR)!];
    case '"':
      return ["scalar", take(DOUBLE_QUOTED)!, first];
    case "'":
      return ["scalar", take(SINGLE_QUOTED)!, first];
    case "|":
    case ">": {
      const header = depth === 0 ? take(BLOCK_HEADER) : undefined;
      if (header !== undefined) return ["scalar", header, first];
    }
  }
  // In a flow collection, no blank is needed after a colon.
  if (/[,[\]{}]/.test(first) || (first === ":" && depth > 0)) return ["other", first];
  const indicator = take(INDICATOR);
  if (indicator !== undefined) return ["other", indicator];
  const plain = take(depth === 0 ? PLAIN_IN_BLOCK : PLAIN_IN_FLOW);
  return plain === undefined ? ["other", first] : ["scalar", plain];
}

/** Returns where a block scalar ends. Its header lies from `start` to `end`. */
function endOfBlock(text: string, start: number, end: number): number {
  const header = text.slice(start, end);
  const lineStart = text.lastIndexOf("\n", start) + 1;
  const before = text.slice(lineStart, start);
  const dashes = /^[ \t]*(?:-[ \t]+)*/.exec(before)?.[0] ?? "";
  const hasKey = /:[ \t]/.test(before.slice(dashes.length));
  const parent = hasKey ? dashes.length : dashes.lastIndexOf("-");
  const explicit = /\d/.exec(header)?.[0];
  FIRST_OF_BLOCK.lastIndex = end;
  const indent = explicit === undefined
    ? FIRST_OF_BLOCK.exec(text)?.[1]?.length ?? 0
    : Math.max(parent, 0) + Number(explicit);
  if (indent <= parent) return end;
  const line = new RegExp(`\\r?\\n(?:[ \\t]*(?=\\r?\\n|$)| {${indent}}[^\\n]*)`, "y");
  for (let at = end;;) {
    line.lastIndex = at;
    const found = line.exec(text)?.[0];
    if (found === undefined) return at;
    at += found.length;
  }
}
