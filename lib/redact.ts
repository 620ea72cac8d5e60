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
  return text.replaceAll(/(:[\\/]{2})[^\\/?#\s"]*@/g, "$1")
    .replaceAll(/(:[\\/]{2}[^?#\s"]*\?)[^#\s"]+/g, "$1…");
}
