/**
 * What bash 3.2 makes of a script: it is macOS' `/bin/sh` and `/bin/bash`, and the bash of a
 * workflow's runner there.
 *
 * @module
 */

/**
 * The command substitutions that bash before 4.0 reads in another way than others do. It counts
 * parentheses outside of quotes, and knows neither the patterns of `case` nor comments.
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

/** The index of the parenthesis that closes it; `undefined` where none does. */
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
