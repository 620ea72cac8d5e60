/**
 * Which Deno this is, for what its TLS has learned over time.
 *
 * @module
 */
export function isDenoSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = Deno.version.deno.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Whether an authority may have a critical extension that it does not know. */
export const TRUSTS_ODD_AUTHORITIES = isDenoSince(2, 8);

/** Whether `node:tls` checks the signature of a handshake that it is not told to reject. */
export const CHECKS_HANDSHAKES = isDenoSince(2, 9);
