/**
 * Checks the types of values that a parser of JSON or YAML returns.
 *
 * @module
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns `undefined` for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns `undefined` for a text that is not a JSON object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Returns true for an object that is not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `{}` for any other value. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Checks types as Go's decoder does. `what` names the value in the error's message. */
export interface StrictReader {
  /** Returns `{}` for null and absent values. */
  mappingOf(value: unknown, what: string): JsonObject;
  /** Returns `[]` for null and absent values. */
  listOf(value: unknown, what: string): readonly unknown[];
  /** Returns `""` for null and absent values. */
  textOf(value: unknown, what: string): string;
}

/** Returns functions that throw a `Refusal` for a value of another type. */
export function strictReader(Refusal: new (message: string) => Error): StrictReader {
  return {
    mappingOf(value, what) {
      if (isObject(value ?? {})) return objectOf(value);
      throw new Refusal(`${what} is not a mapping`);
    },
    listOf(value, what) {
      if (Array.isArray(value ?? [])) return (value ?? []) as readonly unknown[];
      throw new Refusal(`${what} is not a list`);
    },
    textOf(value, what) {
      if (typeof (value ?? "") === "string") return (value ?? "") as string;
      throw new Refusal(`${what} is not a string`);
    },
  };
}
