/**
 * Narrows the values of a kubeconfig as Go's decoder does: absent and null are the zero value, a
 * string field takes strings only, and any other value makes the file invalid.
 *
 * @module
 */
import { type JsonObject, strictReader } from "../encoding/json.ts";

/**
 * A kubeconfig that kubectl refuses. Caught where the connection is loaded: it is an answer, no
 * failure.
 */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/** A file that can be read only once, and is left to kubectl. */
export class ReadOnceError extends KubeconfigError {}

export type Fields = JsonObject;

/** Each of them throws a {@linkcode KubeconfigError}. */
export const { mappingOf, listOf, textOf } = strictReader(KubeconfigError);

/** YAML 1.1's words too. @throws {KubeconfigError} */
export function booleanOf(value: unknown, what: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && TRUE.test(value)) return true;
  if (typeof value === "string" && FALSE.test(value)) return false;
  throw new KubeconfigError(`${what} is not a boolean`);
}

/** @throws {KubeconfigError} */
export function textsOf(value: unknown, what: string): readonly string[] {
  return listOf(value, what).map((item) => textOf(item, what));
}

/** Base64, or a list of numbers. `undefined` where there is nothing. @throws {KubeconfigError} */
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

/** Aliases turn a short text into many values; no real file needs so many. */
const MOST_VALUES = 100_000;

/** A copy that JSON can hold: no cycles, no explosion of aliases. @throws {KubeconfigError} */
export function plainOf(value: unknown, what: string): unknown {
  let left = MOST_VALUES;
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
