/**
 * The part of `@std/cli` that kuberlr uses, with the same names and signatures: `parseArgs` with
 * `boolean`, `string`, `alias` and `unknown`. As in the original, a string flag without a value is
 * `""`, the last of several values counts, words after `--` go to `_`, and `_` holds numbers unless
 * `string` names it.
 *
 * @module
 */

export interface ParseOptions {
  boolean?: readonly string[];
  string?: readonly string[];
  alias?: Record<string, string | readonly string[]>;
  /**
   * Called for each argument that is not declared; if it returns `false`, the argument is left out.
   * `key` is absent for operands.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export interface Args {
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
  _: (string | number)[];
}

export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const names = namesOf(options.alias ?? {});
  const declared = (kind: readonly string[] = []) => new Set(kind.flatMap(names));
  const booleans = declared(options.boolean);
  const strings = declared(options.string);
  const result: Args = { _: [] };
  const set = (name: string, value: unknown) => names(name).forEach((each) => result[each] = value);
  for (const name of booleans) result[name] = false;

  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  for (let index = 0; index < flags.length; index++) {
    const arg = flags[index] ?? "";
    const [, name, , value] = /^--?([^=]+)(=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined || /^-[^-=]{2}/.test(arg)) {
      if (options.unknown?.(arg) !== false) result._.push(operand(arg));
    } else if (strings.has(name)) {
      const next = flags[index + 1];
      const takesNext = value === undefined && next !== undefined && !/^-./.test(next);
      set(name, value ?? (takesNext ? next : ""));
      if (takesNext) index++;
    } else if (booleans.has(name)) {
      set(name, value !== "false");
    } else if (options.unknown?.(arg, name, value ?? true) !== false) {
      set(name, value ?? true);
    }
  }
  if (end !== -1) result._.push(...args.slice(end + 1).map(operand));
  return result;

  function operand(arg: string): string | number {
    return strings.has("_") ||
        !/^(?:0x[0-9a-f]+|[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)$/i.test(arg)
      ? arg
      : Number(arg);
  }
}

function namesOf(alias: Readonly<Record<string, string | readonly string[]>>) {
  const groups = Object.entries(alias).map(([name, others]) => [name, ...[others].flat()]);
  return (name: string): readonly string[] =>
    groups.find((group) => group.includes(name)) ?? [name];
}
