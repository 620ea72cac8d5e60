/**
 * How long an OpenID Connect id-token is good for. Nothing is verified: the API server does that.
 *
 * @module
 */
import { objectOf, parseJson } from "../encoding/json.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";

/** client-go treats a token as expired this long before it is. */
const EXPIRY_DELTA_MS = 10_000;

/** `nowMs` since the epoch. */
export function isIdTokenFresh(token: string, nowMs: number): boolean {
  const payload = token.split(".")[1] ?? "";
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
    const { exp } = objectOf(parseJson(decodeUtf8(bytes)));
    return typeof exp === "number" && exp * 1000 - EXPIRY_DELTA_MS > nowMs;
  } catch {
    return false;
  }
}
