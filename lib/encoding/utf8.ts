/**
 * Bytes to text and back. The platform's decoder is not among the types of a pure file (it came
 * with timers and `performance`), so its shape is declared here.
 *
 * @module
 */

declare const TextDecoder: new (
  label: string,
  options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
) => { decode(bytes: Uint8Array): string };

declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };

/** Drops a byte order mark. Returns `undefined` for bytes that are not text of this encoding. */
export function decodeBytes(
  label: "utf-8" | "utf-16le" | "utf-16be",
  bytes: Uint8Array,
): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Replaces bytes that are not UTF-8 by U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", {}).decode(bytes);
}

/** Returns the text in UTF-8 as standard base64. */
export function encodeBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
