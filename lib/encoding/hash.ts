/**
 * A fast 64-bit fingerprint, for names of cache files and to notice changed content. An attacker
 * gains nothing from a collision: the content of a cache file is compared in full.
 *
 * It is FNV-1a in two lanes with different primes, mixed at the end as in MurmurHash3.
 *
 * @module
 */

/** Returns 16 hex digits. */
export function hashContent(content: string | Uint8Array): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  const { length } = content;
  for (let i = 0; i < length; i++) {
    const unit = typeof content === "string" ? content.charCodeAt(i) : content[i] ?? 0;
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  let digits = "";
  for (let lane of [a ^ (b >>> 15), b ^ length]) {
    lane = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
    lane = Math.imul(lane ^ (lane >>> 13), 0xc2b2ae35);
    digits += ((lane ^ (lane >>> 16)) >>> 0).toString(16).padStart(8, "0");
  }
  return digits;
}
