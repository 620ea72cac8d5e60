/**
 * Joins bytes, and decodes base64 and hex.
 *
 * @module
 */

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export interface GrowingBytes {
  /**
   * Appends a copy of a piece. Returns false if the limit is exceeded; then it keeps the part that
   * fits.
   */
  append(piece: Uint8Array): boolean;
  /** Returns a view of all bytes so far. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/**
 * Returns a buffer for pieces. It takes at most twice the memory of its bytes, however small the
 * pieces are.
 */
export function growingBytes(maxBytes: number): GrowingBytes {
  let buffer = new Uint8Array(0);
  let length = 0;
  return {
    append(piece) {
      const kept = piece.subarray(0, maxBytes - length);
      if (length + kept.length > buffer.length) {
        const larger = new Uint8Array(Math.max(length + kept.length, 2 * buffer.length, 4096));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(kept, length);
      length += kept.length;
      return kept.length === piece.length;
    },
    bytes: () => buffer.subarray(0, length),
  };
}

/**
 * Returns `undefined` for a value that is not base64. Line ends are ignored, since `base64` writes
 * them.
 */
export function parseBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

/** Returns `undefined` for a value that is not hex. */
export function parseHex(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return Uint8Array.fromHex(text);
  } catch {
    return undefined;
  }
}
