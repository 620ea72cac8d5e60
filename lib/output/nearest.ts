/**
 * Finds suggestions for unknown commands, flags, settings and contexts: the nearest known word.
 *
 * @module
 */

/**
 * Returns the known word with the fewest edits, ignoring case; `undefined` if each needs more edits
 * than a third of the word's length (at least one).
 */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | undefined;
  let fewest = limit + 1;
  for (const other of known) {
    const edits = countEdits(word.toLowerCase(), other.toLowerCase(), fewest);
    if (edits < fewest) [nearest, fewest] = [other, edits];
  }
  return nearest;
}

/**
 * Returns the number of insertions, deletions, replacements and swaps of neighbours (optimal string
 * alignment), at most `limit`.
 */
function countEdits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = rows[i - 1] ?? [];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    rows.push(row);
  }
  return Math.min(limit, rows[a.length]?.[b.length] ?? limit);
}
