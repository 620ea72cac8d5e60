/**
 * One GET over a connection that `fetch` cannot make or cannot read.
 *
 * @module
 */
import { basicAuthorization } from "../../encoding/userinfo.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";

export interface GetRequest {
  readonly url: URL;
  /** Each character of a value is one byte, as in `fetch`. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most so many bytes of the body are kept. */
  readonly maxBytes: number;
}

/**
 * Returns the request in HTTP/1.1, one character for each byte. `proxy`: the proxy that the request
 * is sent to, unless it is sent to the server.
 *
 * @throws {TypeError} a header has a forbidden character
 */
export function formatGet({ url, headers }: GetRequest, proxy?: ProxyUrl): string {
  // `Headers` checks and normalizes as `fetch` does: it refuses line breaks.
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

/**
 * Returns the headers that `fetch` does not send: the credentials for an https proxy, if an http
 * URL is asked for.
 */
export function headersOmittedByFetch(
  { protocol }: URL,
  proxy: ProxyUrl | undefined,
): Readonly<Record<string, string>> {
  return protocol === "http:" && proxy?.scheme === "https" ? proxyHeaders(proxy) : {};
}

/** Returns the headers for a proxy that gets the request itself, rather than a CONNECT. */
function proxyHeaders(proxy: ProxyUrl | undefined): Readonly<Record<string, string>> {
  const userinfo = proxy?.userinfo;
  return userinfo === undefined ? {} : { "proxy-authorization": basicAuthorization(userinfo) };
}
