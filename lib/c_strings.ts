/**
 * Arguments and environments as the kernel keeps them: strings, each ended by a zero byte, in no encoding. Working on
 * the bytes leaves alone what is no UTF-8, what has no name and what comes twice.
 *
 * @module
 */

/** The strings of a block, each with its zero byte. */
export function splitBlock(block: Uint8Array): Uint8Array[] {
  const strings = [];
  for (let start = 0; start < block.length;) {
    const zero = block.indexOf(0, start);
    const end = zero < 0 ? block.length : zero + 1;
    strings.push(block.subarray(start, end));
    start = end;
  }
  return strings;
}

/** An environment with one variable set, at its end, or taken out (`undefined`). Name and value are ASCII. */
export function withVariable(
  environment: readonly Uint8Array[],
  name: string,
  value: string | undefined,
): readonly Uint8Array[] {
  const prefix = `${name}=`;
  const others = environment.filter((entry) => !startsWith(entry, prefix));
  return value === undefined ? others : [...others, encodeAscii(`${prefix}${value}\0`)];
}

export function sizeOf(strings: readonly Uint8Array[]): number {
  return strings.reduce((bytes, string) => bytes + string.length, 0);
}

function encodeAscii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function startsWith(bytes: Uint8Array, ascii: string): boolean {
  for (let index = 0; index < ascii.length; index++) {
    if (bytes[index] !== ascii.charCodeAt(index)) return false;
  }
  return true;
}
