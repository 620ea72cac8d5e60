/**
 * Arguments and environments as the kernel stores them: blocks of strings, each ended by a zero
 * byte, in any encoding. Because bytes are kept, so are strings that are not UTF-8, have no name or
 * occur twice.
 *
 * @module
 */
import { concatBytes } from "./bytes.ts";

/** Returns the offset of each string of a block. */
export function stringOffsets(block: Uint8Array): number[] {
  const starts = [];
  for (let start = 0; start < block.length;) {
    starts.push(start);
    const zero = block.indexOf(0, start);
    start = zero < 0 ? block.length : zero + 1;
  }
  return starts;
}

/** Returns the strings of a block, each with its zero byte. */
export function splitBlock(block: Uint8Array): Uint8Array[] {
  return stringOffsets(block).map((start, index, starts) =>
    block.subarray(start, starts[index + 1])
  );
}

/**
 * Returns the environment with one variable set at its end or, for `undefined`, removed. Name and
 * value are ASCII.
 */
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

/** Returns true if the bytes begin with this text. */
export function startsWith(bytes: Uint8Array, ascii: string): boolean {
  for (let index = 0; index < ascii.length; index++) {
    if (bytes[index] !== ascii.charCodeAt(index)) return false;
  }
  return true;
}
