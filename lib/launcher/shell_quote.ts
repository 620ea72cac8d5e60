/**
 * Words of a POSIX shell.
 *
 * @module
 */

/** The word as a shell reads it back, whatever is in it. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
