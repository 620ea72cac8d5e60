/**
 * The hash algorithms that a mirror may state and a receipt may record. Adding one here is enough:
 * its type, its digits, the order in which mirrors are asked and the check of receipts follow.
 *
 * @module
 */

/** Hex digits of a hash, by algorithm, the strongest first. */
const HEX_DIGITS = { sha512: 128, sha256: 64, sha1: 40 } as const;

export type HashAlgorithm = keyof typeof HEX_DIGITS;

/** The strongest first. */
export const HASH_ALGORITHMS = Object.keys(HEX_DIGITS) as readonly HashAlgorithm[];

export function isHashAlgorithm(value: unknown): value is HashAlgorithm {
  return typeof value === "string" && Object.hasOwn(HEX_DIGITS, value);
}

/** Returns whether the text is a hash of this algorithm, in lower-case hex. */
export function isHashOf(algorithm: HashAlgorithm, text: string): boolean {
  return text.length === HEX_DIGITS[algorithm] && /^[0-9a-f]*$/.test(text);
}
