/**
 * DER, as far as certificates need it: elements with a one-byte tag, one level at a time, so that no input nests deeper
 * than its reader asks.
 *
 * @see ITU-T X.690, section 10
 * @module
 */
import { concatBytes } from "../encoding/bytes.ts";

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With its header. */
  readonly whole: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** The elements that the bytes consist of; `undefined` for what is no DER. */
export function parseDer(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** What is in the one element that the bytes are, if it has this tag. */
export function parseDerInside(bytes: Uint8Array, tag: number): readonly DerElement[] | undefined {
  const content = parseDerContent(bytes, tag);
  return content === undefined ? undefined : parseDer(content);
}

/** As {@linkcode parseDerInside}, unparsed. */
export function parseDerContent(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  const element = readElement(bytes, 0);
  return element?.tag === tag && element.whole.length === bytes.length
    ? element.content
    : undefined;
}

/** `1.2.840.10045.4.3.3`; `undefined` for what is none, or has a number beyond 2^28. */
export function formatOid(content: Uint8Array): string | undefined {
  const numbers: number[] = [];
  let value = 0;
  let digits = 0;
  for (const byte of content) {
    if (++digits > 4) return undefined;
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = digits = 0;
  }
  const [first, ...rest] = numbers;
  if (first === undefined || digits > 0) return undefined;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join(".");
}

export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts);
  const { length } = content;
  if (length < 0x80) return concatBytes([Uint8Array.of(tag, length), content]);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return concatBytes([Uint8Array.of(tag, 0x80 + digits.length, ...digits), content]);
}

function readElement(bytes: Uint8Array, at: number): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  // No tag of a certificate has more than one byte.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 3) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? 0);
    // The shortest form alone is DER.
    if (length < 0x80 || length < 256 ** (count - 1)) return undefined;
  }
  const end = start + length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}
