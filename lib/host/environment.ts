/**
 * This process's environment, changed for a moment. kubectl inherits it, so whatever is changed has to be back.
 *
 * @module
 */

/**
 * Calls `call` with variables set, or removed (`undefined`), and puts back what was there. Synchronous, so that no two
 * of these can overlap. Where either would do, an empty value is better than none: an entry that is overwritten keeps
 * its place, one that is removed comes back at the end.
 *
 * A variable that is no UTF-8 is left as it is: Deno's own code takes it for unset, and it could not be put back.
 */
export function withEnv<T>(
  changes: Readonly<Record<string, string | undefined>>,
  call: () => T,
): T {
  const undo: (() => void)[] = [];
  try {
    for (const [name, value] of Object.entries(changes)) {
      const before = readVariable(name);
      if (before === "no UTF-8" || before.value === value) continue;
      undo.push(() => writeVariable(name, before.value));
      writeVariable(name, value);
    }
    return call();
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

function readVariable(name: string): { value: string | undefined } | "no UTF-8" {
  try {
    return { value: Deno.env.get(name) };
  } catch {
    return "no UTF-8";
  }
}

function writeVariable(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}
