/**
 * One GET over a connection that `fetch` cannot make or cannot read.
 *
 * @module
 */
export interface GetRequest {
  readonly url: URL;
  /** A character of a value is a byte, as in `fetch`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body that are kept at most. */
  readonly maxBytes: number;
}

/** Returns the request as HTTP/1.1 puts it on the wire, a character for each byte. */
export function formatGet({ url, headers }: GetRequest): string {
  // Headers checks and normalizes as `fetch` does: no line break gets through.
  const checked = new Headers({ ...headers, host: url.host, connection: "close" });
  const lines = Array.from(checked, ([name, value]) => `${name}: ${value}`);
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
