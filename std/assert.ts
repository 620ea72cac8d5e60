/**
 * The part of `@std/assert` that the tests use, with the same names and signatures, by
 * `node:assert`.
 *
 * @module
 */
import nodeAssert from "node:assert/strict";

export class AssertionError extends nodeAssert.AssertionError {}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) fail(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, msg);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, msg);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    fail(msg ?? `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}`);
  }
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) {
    fail(msg ?? `Expected ${JSON.stringify(actual)} to match ${expected}`);
  }
}

export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) {
    fail(msg ?? `Expected ${JSON.stringify(actual)} not to match ${expected}`);
  }
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  fail(msg ?? "Expected the function to throw");
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  fail(msg ?? "Expected the promise to be rejected");
}

export function fail(msg?: string): never {
  throw new AssertionError({ message: msg || "Failed assertion" });
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: ErrorClass<E> | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): E {
  if (!(error instanceof (errorClass ?? Error))) {
    throw new AssertionError({
      message: msg ?? `Expected ${errorClass?.name ?? "an Error"}, got ${String(error)}`,
    });
  }
  if (msgIncludes !== undefined) assertStringIncludes(error.message, msgIncludes, msg);
  return error as E;
}
