/**
 * The abilities of Deno's TLS that depend on Deno's release.
 *
 * @module
 */
function isDenoSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = Deno.version.deno.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Deno accepts an authority with a critical extension that it does not know. */
export const ACCEPTS_UNKNOWN_EXTENSIONS = isDenoSince(2, 8);

/** `node:tls` checks the handshake's signature even with `rejectUnauthorized: false`. */
export const CHECKS_HANDSHAKES = isDenoSince(2, 9);
