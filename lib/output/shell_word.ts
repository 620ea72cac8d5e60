/**
 * Words of the command lines in hints, which can be typed as they stand.
 *
 * @module
 */

/** Quotes a word for a POSIX shell, if a character of it has a meaning there. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
