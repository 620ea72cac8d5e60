/**
 * Converts bytes to text and back. Pure files have no types for the platform's decoder, which come
 * with timers and `performance`, so its shape is declared here.
 *
 * @module
 */

declare const TextDecoder: new (
  label: string,
  options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
) => { decode(bytes: Uint8Array): string };

declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };

/**
 * Decodes bytes and drops a byte order mark. Returns `undefined` for bytes that are malformed in
 * this encoding.
 */
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

/** Decodes bytes and replaces malformed ones by U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", {}).decode(bytes);
}

/** As {@linkcode decodeUtf8}, and keeps a byte order mark. */
export function decodeWithMark(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Returns the base64 of the text in UTF-8. */
export function encodeBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
