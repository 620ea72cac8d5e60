/**
 * Removes from a URL what must not be shown or stored.
 *
 * @module
 */

/**
 * Returns a URL without user, password and query: signed URLs have their signature in the query.
 * Everything before the last `@` counts as user and password, whether or not the text would parse:
 * a password may hold what ends a host, a blank or a quote. A file path is returned as it is.
 */
export function redactUrl(text: string): string {
  const { scheme, rest } = cutUserinfo(text);
  return scheme === "" || isFilePath(text) ? rest : scheme + rest.replace(/\?[^#]+/s, "?…");
}

export interface UrlWithoutUserinfo {
  /** With its colon and slashes; empty where the text begins without. */
  readonly scheme: string;
  /** The text before the last `@`; `undefined` if there is no `@`. */
  readonly userinfo: string | undefined;
  readonly rest: string;
}

export function cutUserinfo(text: string): UrlWithoutUserinfo {
  if (isFilePath(text)) return { scheme: "", userinfo: undefined, rest: text };
  const scheme = /^(?:[a-z][a-z\d+.-]*:)?[\\/]+/i.exec(text)?.[0] ?? "";
  const rest = text.slice(scheme.length);
  const at = rest.lastIndexOf("@");
  return at < 0
    ? { scheme, userinfo: undefined, rest }
    : { scheme, userinfo: rest.slice(0, at), rest: rest.slice(at + 1) };
}

/** An absolute path; one with a colon before an `@` could be a URL that was mistyped. */
function isFilePath(text: string): boolean {
  const path = text.replace(/^[a-z]:(?=[\\/])/i, "");
  return /^[\\/](?![\\/])/.test(path) && !/:.*@/s.test(path);
}
