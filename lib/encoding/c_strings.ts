/**
 * Arguments and environments as the kernel keeps them: blocks of strings, each ended by a zero byte, in no encoding.
 * Working on the bytes leaves alone what is no UTF-8, what has no name and what comes twice.
 *
 * @module
 */
import { concatBytes } from "./bytes.ts";

/** Where each string of a block begins. */
export function startsOf(block: Uint8Array): number[] {
  const starts = [];
  for (let start = 0; start < block.length;) {
    starts.push(start);
    const zero = block.indexOf(0, start);
    start = zero < 0 ? block.length : zero + 1;
  }
  return starts;
}

/** The strings of a block, each with its zero byte. */
export function splitBlock(block: Uint8Array): Uint8Array[] {
  return startsOf(block).map((start, index, starts) => block.subarray(start, starts[index + 1]));
}

/** An environment with one variable set, at its end, or taken out (`undefined`). Name and value are ASCII. */
export function withVariable(
  environment: Uint8Array,
  name: string,
  value: string | undefined,
): Uint8Array {
  const prefix = `${name}=`;
  const strings = splitBlock(environment);
  const others = strings.filter((entry) => !startsWith(entry, prefix));
  if (value === undefined && others.length === strings.length) return environment;
  if (value !== undefined) others.push(encodeAscii(`${prefix}${value}\0`));
  return concatBytes(others);
}

function encodeAscii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the bytes begin with this text. */
export function startsWith(bytes: Uint8Array, ascii: string): boolean {
  for (let index = 0; index < ascii.length; index++) {
    if (bytes[index] !== ascii.charCodeAt(index)) return false;
  }
  return true;
}
