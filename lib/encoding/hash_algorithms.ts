/**
 * The hash algorithms that a mirror may use and a receipt may record. The type, the digits, the
 * order in which mirrors are asked and the check of receipts are derived from this list.
 *
 * @module
 */

/** The number of hex digits by algorithm, the strongest algorithm first. */
const HEX_DIGITS = { sha512: 128, sha256: 64, sha1: 40 } as const;

export type HashAlgorithm = keyof typeof HEX_DIGITS;

/** The strongest first. */
export const HASH_ALGORITHMS = Object.keys(HEX_DIGITS) as readonly HashAlgorithm[];

export function isHashAlgorithm(value: unknown): value is HashAlgorithm {
  return typeof value === "string" && Object.hasOwn(HEX_DIGITS, value);
}

/** Returns true if the text is a hash of this algorithm in lower-case hex. */
export function isHashOf(algorithm: HashAlgorithm, text: string): boolean {
  return text.length === HEX_DIGITS[algorithm] && /^[0-9a-f]*$/.test(text);
}
