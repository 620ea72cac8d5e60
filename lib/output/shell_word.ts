/**
 * Quotes words of command lines in hints, so that these can be pasted into a shell.
 *
 * @module
 */

/** Quotes a word for a POSIX shell, if a character in it is special. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
