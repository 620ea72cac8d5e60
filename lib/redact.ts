/**
 * What a URL must lose before it is shown or written anywhere.
 *
 * @module
 */

/** Without the user name and password of any URL in the text, whether or not it would parse. */
export function redactUrl(text: string): string {
  return text.replaceAll(/(:[\\/]{2})[^\\/?#\s"]*@/g, "$1");
}
