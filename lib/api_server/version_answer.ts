/**
 * Reads a server's answer to `GET /version`. Any bytes are accepted: anything may listen at that
 * address.
 *
 * @module
 */
import { isSuccess } from "./http_message.ts";
import { parseJsonObject } from "../encoding/json.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import { parseVersion, type Version } from "../version/version.ts";

export type ServerAnswer =
  | { readonly kind: "version"; readonly version: Version; readonly gitVersion: string }
  | {
    /**
     * - `unreachable`: refused, no such host, TLS, timeout, a plugin that failed
     * - `denied`: 401, 403
     * - `unknown`: an answer that does not tell the version
     */
    readonly kind: "unreachable" | "denied" | "unknown";
    readonly reason: string;
    /** A remedy, if one is known: a sentence without its full stop. */
    readonly hint?: string;
    /**
     * Set if asking again will not bring the version, though kubectl may reach the server: Deno
     * refuses a TLS that Go accepts, or the credential plugin failed.
     */
    readonly lasting?: "tls" | "plugin";
  };

/** Reads the status and body of an answer. Redirects count as unknown: they tell no version. */
export function parseVersionAnswer(status: number, body: Uint8Array): ServerAnswer {
  if (status === 401 || status === 403) return { kind: "denied", reason: `it answered ${status}` };
  if (!isSuccess(status)) return { kind: "unknown", reason: `it answered ${status}` };
  const info = parseJsonObject(decodeUtf8(body));
  if (info === undefined) return { kind: "unknown", reason: "its answer is not a JSON object" };
  const { gitVersion } = info;
  const told = typeof gitVersion === "string" ? parseVersion(gitVersion) : undefined;
  const fields = `${leadingDigits(info.major)}.${leadingDigits(info.minor)}`;
  const counted = parseVersion(fields);
  // OpenShift and others write the version of their own product; the fields tell which Kubernetes
  // is in it.
  const isOthers = told !== undefined && told.major !== 1 && counted?.major === 1;
  if (typeof gitVersion === "string" && told !== undefined && !isOthers) {
    return { kind: "version", version: told, gitVersion: printable(gitVersion) };
  }
  if (counted === undefined) return { kind: "unknown", reason: "its answer names no version" };
  return { kind: "version", version: counted, gitVersion: `v${fields}` };
}

/** Returns up to 100 printable characters: the server may send anything, and people will see it. */
function printable(gitVersion: string): string {
  return gitVersion.replace(/[^\x20-\x7E]/g, "").slice(0, 100);
}

/** Returns `17` for `17+` and for the number 17. */
function leadingDigits(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  return /^\d+/.exec(String(value))?.[0] ?? "";
}
