/**
 * The parts of the generators of cases.
 *
 * @module
 */
import fc from "fast-check";

export type Json = Readonly<Record<string, unknown>>;

/** Picks a value by weight. */
export function weighted<T>(...choices: readonly (readonly [weight: number, value: T])[]) {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** Leaves the value out in `times` of `times + 1` cases. */
export function maybe<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: times, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** Returns the value as {@linkcode json} does, in YAML's block style. */
export function blockYaml(value: unknown, indent = ""): string {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `\n${indent}-${blockYaml(item, `${indent}  `)}`).join("");
  }
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value)
      .map(([name, item]) => `\n${indent}${JSON.stringify(name)}:${blockYaml(item, `${indent}  `)}`)
      .join("");
  }
  return ` ${JSON.stringify(value)}`;
}

/** The files of a case, and the flags and variables that name them. */
export interface Placed {
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}
