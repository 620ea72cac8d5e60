/**
 * How bash 3.2 reads a script. It is `/bin/sh` and `/bin/bash` on macOS, and the bash of a workflow
 * that runs there.
 *
 * @module
 */

/**
 * Returns the command substitutions that bash before 4.0 reads in another way than later ones. It
 * counts parentheses outside of quotes, and knows neither the patterns of `case` nor comments.
 */
export function misread(text: string): readonly string[] {
  return Array.from(text.matchAll(/\$\((?!\()/g), ({ index }) => {
    const from = index + 2;
    const end = endOfSubstitution(text, from);
    const inner = text.slice(from, end);
    const count = (pattern: RegExp) => inner.match(pattern)?.length ?? 0;
    const isWhole = end !== undefined && count(/\bcase\b/g) === count(/\besac\b/g);
    return isWhole && !/^\s*#/m.test(inner) ? [] : [inner];
  }).flat();
}

/** Returns the index of the parenthesis that closes it; `undefined` if none does. */
function endOfSubstitution(text: string, from: number): number | undefined {
  let open = 1;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\" && quote !== "'") at++;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "(") open++;
    else if (character === ")" && --open === 0) return at;
  }
  return undefined;
}
