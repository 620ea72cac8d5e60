/**
 * The parts of the generators of cases.
 *
 * @module
 */
import fc from "fast-check";

export type Json = Readonly<Record<string, unknown>>;

/** Values with weights. */
export function weighted<T>(...choices: readonly (readonly [weight: number, value: T])[]) {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** Absent in `times` of `times + 1` cases. */
export function maybe<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: times, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** Files, and what leads to them. */
export interface Placed {
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}
