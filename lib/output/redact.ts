/**
 * Removes secrets from URLs, for messages and files.
 *
 * @module
 */

/**
 * Returns a URL without user, password and the value of its query, which may be a signature.
 * Everything before the last `@` counts as user and password, even if the text does not parse: a
 * password may contain a character that ends a host, a blank or a quote. A file path is returned as
 * it is.
 */
export function redactUrl(text: string): string {
  const { scheme, rest } = cutUserinfo(text);
  return scheme === "" || isFilePath(text) ? rest : scheme + rest.replace(/\?[^#]+/s, "?…");
}

/**
 * Returns an argument without the secrets of a URL in it, which may come after the dashes of a flag
 * or after a folder. An argument without a password and a URL is returned as it is: `me@prod` is
 * the name of a context.
 */
export function redactArgument(text: string): string {
  const slashes = text.search(/[\\/]{2}/);
  const isUrl = slashes >= 0 && slashes < Math.max(text.lastIndexOf("@"), text.lastIndexOf("?"));
  if (!isUrl && !mayHavePassword(text)) return text;
  // Without a limit, the time would grow with the square of the length.
  const before = /^.*?(?=[a-z][a-z\d+.-]{1,99}:[\\/])/is.exec(text)?.[0] ?? "";
  return before + redactUrl(text.slice(before.length));
}

export interface UrlWithoutUserinfo {
  /** With its colon and slashes; empty if the text has no scheme. */
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

/** Returns true for an absolute path. With a colon before an `@`, it could be a mistyped URL. */
function isFilePath(text: string): boolean {
  const path = text.replace(/^[a-z]:(?=[\\/])/i, "");
  return /^[\\/](?![\\/])/.test(path) && !mayHavePassword(path);
}

/** Returns true if a colon comes before an `@`. */
function mayHavePassword(text: string): boolean {
  const colon = text.indexOf(":");
  return colon >= 0 && colon < text.lastIndexOf("@");
}
