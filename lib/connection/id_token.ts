/**
 * Reads the expiry of an OpenID Connect id-token. It does not verify the token: the API server
 * does.
 *
 * Source: client-go, plugin/pkg/client/auth/oidc/oidc.go.
 *
 * @module
 */
import { objectOf, parseJson } from "../encoding/json.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";

/** client-go treats a token as expired this long before its expiry. */
const EXPIRY_DELTA_MS = 10_000;

/** Returns true if the token has not expired at `nowMs`, in milliseconds since the epoch. */
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
