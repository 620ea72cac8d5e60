/**
 * The headers of the one request that kuberlr makes of an API server. No impersonation: it cannot
 * change the version, and it can be forbidden.
 *
 * @module
 */
import { basicAuthorization } from "../encoding/basic_auth.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";

export interface Identity {
  readonly token?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
}

/** A token comes before basic authentication. What no header can carry is not sent at all. */
export function requestHeaders({ token, basic }: Identity): Readonly<Record<string, string>> {
  const authorization = token !== undefined
    ? `Bearer ${token}`
    : basic !== undefined
    ? basicAuthorization(basic.username, basic.password)
    : undefined;
  const headers = { "accept": "application/json, */*", "user-agent": "kuberlr" };
  return authorization !== undefined && isHeaderValue(authorization)
    ? { ...headers, authorization: asBytes(authorization) }
    : headers;
}

/** As Go's `httpguts.ValidHeaderFieldValue`: no control characters but the tab. */
function isHeaderValue(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x08\x0a-\x1f\x7f]/.test(text);
}

/** `fetch` takes a character for a byte, Go sends UTF-8. */
function asBytes(text: string): string {
  return Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join("");
}
