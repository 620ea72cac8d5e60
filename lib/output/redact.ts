/**
 * What a URL must lose before it is shown or written anywhere.
 *
 * @module
 */

/**
 * Without the user name, the password and the query of any URL in the text, whether or not it would parse: signed URLs have
 * their signature in the query.
 */
export function redactUrl(text: string): string {
  return redactUserinfo(text).replaceAll(/(:[\\/]{2}[^?#\s"]*\?)[^#\s"]+/g, "$1…");
}

/**
 * A password may have what ends a host, unescaped: where no port stands before it, all up to the last `@` was meant. So it
 * is without a scheme.
 */
export function redactUserinfo(text: string): string {
  return text.replaceAll(/(:[\\/]{2})[^\\/?#\s"]*@/g, "$1")
    .replaceAll(/(:[\\/]{2})[^\\/?#\s"@:[]*:(?!\d*(?:[\\/?#\s"]|$))[^\s"]*@/g, "$1")
    .replaceAll(/(^|")[^\\/?#\s":@]{2,}:(?![\\/]{2}|\d*(?:[\\/?#\s"]|$))[^\s"]*@/g, "$1");
}
