/**
 * The headers of the one request that kuberlr sends to an API server. They do not impersonate: that
 * cannot change the version, and it can be forbidden.
 *
 * @module
 */
import { basicAuthorization, type Userinfo } from "../encoding/userinfo.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import type { ClientCertificate } from "../ports/host.ts";

/** The credentials of one request. */
export interface RequestCredentials {
  readonly token?: string | undefined;
  readonly basic?: Userinfo | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
}

/**
 * Returns the headers, names in lower case. A token comes before basic authentication. Credentials
 * that no header can carry are not sent.
 */
export function requestHeaders(
  { token, basic }: RequestCredentials,
): Readonly<Record<string, string>> {
  const authorization = token !== undefined
    ? `Bearer ${token}`
    : basic !== undefined
    ? basicAuthorization(basic)
    : undefined;
  const headers = { "accept": "application/json, */*", "user-agent": "kuberlr" };
  return authorization !== undefined && isHeaderValue(authorization)
    ? { ...headers, authorization: asBytes(authorization) }
    : headers;
}

/** Go's `httpguts.ValidHeaderFieldValue`: no control characters except the tab. */
function isHeaderValue(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x08\x0a-\x1f\x7f]/.test(text);
}

/**
 * Returns UTF-8, one character per byte: `fetch` sends each character as a byte, and Go sends
 * UTF-8.
 */
function asBytes(text: string): string {
  return Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join("");
}
