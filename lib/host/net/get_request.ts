/**
 * One GET over a connection that `fetch` cannot make or cannot read.
 *
 * @module
 */
import { basicAuthorization } from "../../encoding/basic_auth.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";

export interface GetRequest {
  readonly url: URL;
  /** A character of a value is a byte, as in `fetch`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body that are kept at most. */
  readonly maxBytes: number;
}

/**
 * Returns the request as HTTP/1.1 puts it on the wire, a character for each byte. `proxy`: the one
 * that it is sent to in place of the server.
 */
export function formatGet({ url, headers }: GetRequest, proxy?: ProxyUrl): string {
  // Headers checks and normalizes as `fetch` does: no line break gets through.
  const checked = new Headers({
    ...headers,
    ...proxyHeaders(proxy),
    host: url.host,
    connection: "close",
  });
  const lines = Array.from(checked, ([name, value]) => `${name}: ${value}`);
  const target = `${proxy === undefined ? "" : url.origin}${url.pathname}${url.search}`;
  return `GET ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Returns what `fetch` forgets: to tell a proxy of https who asks for an http URL. */
export function forgottenHeaders(
  { protocol }: URL,
  proxy: ProxyUrl | undefined,
): Readonly<Record<string, string>> {
  return protocol === "http:" && proxy?.scheme === "https" ? proxyHeaders(proxy) : {};
}

/** For a proxy that is sent the request itself. */
function proxyHeaders(proxy: ProxyUrl | undefined): Readonly<Record<string, string>> {
  const user = proxy?.user;
  if (user === undefined) return {};
  return { "proxy-authorization": basicAuthorization(user.name, user.password) };
}
