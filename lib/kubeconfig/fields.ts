/**
 * Narrows the values of a kubeconfig as Go's decoder does: absent and null are the zero value, a
 * string field accepts only strings, and any other value makes the file invalid.
 *
 * @module
 */
import { type JsonObject, strictReader } from "../encoding/json.ts";

/**
 * A kubeconfig that kubectl refuses. It is caught where the connection is loaded, and becomes an
 * answer there, not a failure.
 */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/** A file that can be read only once. It is left for kubectl to read. */
export class ReadOnceError extends KubeconfigError {}

export type Fields = JsonObject;

/** Each function throws a {@linkcode KubeconfigError} for a value of another type. */
export const { mappingOf, listOf, textOf } = strictReader(KubeconfigError);

/** Accepts YAML 1.1's words, too. @throws {KubeconfigError} */
export function booleanOf(value: unknown, what: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && TRUE.test(value)) return true;
  if (typeof value === "string" && FALSE.test(value)) return false;
  throw new KubeconfigError(`${what} is not a boolean`);
}

/** Returns a list of strings. @throws {KubeconfigError} */
export function textsOf(value: unknown, what: string): readonly string[] {
  return listOf(value, what).map((item) => textOf(item, what));
}

/**
 * Decodes base64 or a list of numbers. Returns `undefined` for an absent or empty value. @throws
 * {KubeconfigError}
 */
export function bytesOf(value: unknown, what: string): Uint8Array | undefined {
  if (Array.isArray(value) && value.length > 0) {
    return Uint8Array.from(value, (item) => typeof item === "number" ? item : 0);
  }
  const text = Array.isArray(value) ? "" : textOf(value, what);
  if (text === "") return undefined;
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    throw new KubeconfigError(`${what} is not base64`);
  }
}

const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;

/** YAML's aliases can turn a short text into many values; no real file needs so many. */
const MAX_VALUES = 100_000;

/**
 * Returns a copy that can be written as JSON: it has no cycles and not too many values. @throws
 * {KubeconfigError} the value is too large or contains itself
 */
export function copyForJson(value: unknown, what: string): unknown {
  let left = MAX_VALUES;
  const copy = (inner: unknown, depth: number): unknown => {
    if (left-- === 0 || depth > 100) throw new KubeconfigError(`${what} is too large`);
    if (typeof inner !== "object" || inner === null) return inner;
    if (Array.isArray(inner)) return inner.map((item) => copy(item, depth + 1));
    return Object.fromEntries(
      Object.entries(inner).map(([key, member]) => [key, copy(member, depth + 1)]),
    );
  };
  return copy(value, 0);
}
