/**
 * Words of command lines in hints: a hint can be typed as it stands.
 *
 * @module
 */

/** The word as a POSIX shell takes it: in single quotes where a character of it means something to the shell. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
