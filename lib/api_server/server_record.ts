/**
 * What is remembered of a server: its version, when it was asked, and the kubectl it was given last. Keyed by the
 * endpoint's identity, never by who asks or by a context's name.
 *
 * @module
 */
import type { ServerAnswer } from "./version_answer.ts";
import { hashContent } from "../encoding/hash.ts";
import { parseJsonObject } from "../encoding/json.ts";
import { parseVersion, type Version } from "../version/version.ts";

/** A server's version and how it came to be known. */
export type KnownVersion =
  | {
    readonly source: "probe" | "cache" | "stale";
    readonly version: Version;
    /** As the server put it. */
    readonly gitVersion: string;
    readonly ageSeconds: number;
  }
  | { readonly source: "unknown"; readonly reason: string };

export interface ServerRecord {
  /** `endpointIdentity()` in full: the file's name is a hash of it. */
  readonly identity: string;
  /** The newest version that the server told, and when, in milliseconds since the epoch. */
  readonly gitVersion: string | null;
  readonly toldAtMs: number;
  /** Since then it has been asked without success, for this reason. */
  readonly failedAtMs: number | null;
  readonly failure: string | null;
  /** The path of the kubectl that was chosen for it last. */
  readonly lastUsed: string | null;
}

const FORMAT = 1;
const LONGEST_TEXT = 1_000;

export function serverFileName(identity: string): string {
  return `${hashContent(identity)}.json`;
}

export function formatServerRecord(record: ServerRecord): string {
  return JSON.stringify({ format: FORMAT, ...record });
}

/** `undefined` for whatever is not a record of this server. */
export function parseServerRecord(text: string, identity: string): ServerRecord | undefined {
  const record = parseJsonObject(text) as ServerRecord & { format?: unknown } | undefined;
  if (record?.format !== FORMAT || record.identity !== identity) return undefined;
  const { gitVersion, toldAtMs, failedAtMs, failure, lastUsed } = record;
  if (typeof toldAtMs !== "number" || !isNumberOrNull(failedAtMs)) return undefined;
  if (![gitVersion, failure, lastUsed].every((text) => text === null || typeof text === "string")) {
    return undefined;
  }
  if (gitVersion !== null && parseVersion(gitVersion) === undefined) return undefined;
  return { identity, gitVersion, toldAtMs, failedAtMs, failure, lastUsed };
}

export function emptyServerRecord(identity: string): ServerRecord {
  return {
    identity,
    gitVersion: null,
    toldAtMs: 0,
    failedAtMs: null,
    failure: null,
    lastUsed: null,
  };
}

/** The record after the server has been asked. A failure leaves the older answer in place. */
export function noteAnswer(
  record: ServerRecord,
  answer: ServerAnswer,
  nowMs: number,
): ServerRecord {
  if (answer.kind !== "version") {
    return { ...record, failedAtMs: nowMs, failure: answer.reason.slice(0, LONGEST_TEXT) };
  }
  const gitVersion = answer.gitVersion.slice(0, LONGEST_TEXT);
  return { ...record, gitVersion, toldAtMs: nowMs, failedAtMs: null, failure: null };
}

export interface Ttl {
  readonly versionTtlSeconds: number;
  readonly unreachableTtlSeconds: number;
}

/** What is known without asking, and until when asking would be in vain; `undefined`: it is time to ask. */
export function recallVersion(
  record: ServerRecord,
  ttl: Ttl,
  nowMs: number,
): { readonly known: KnownVersion; readonly untilMs: number } | undefined {
  const versionUntilMs = record.toldAtMs + ttl.versionTtlSeconds * 1000;
  if (record.gitVersion !== null && isWithin(record.toldAtMs, versionUntilMs, nowMs)) {
    return { known: knownVersion(record, "cache", nowMs), untilMs: versionUntilMs };
  }
  if (record.failedAtMs === null) return undefined;
  const failureUntilMs = record.failedAtMs + ttl.unreachableTtlSeconds * 1000;
  if (!isWithin(record.failedAtMs, failureUntilMs, nowMs)) return undefined;
  return { known: knownVersion(record, "stale", nowMs), untilMs: failureUntilMs };
}

/** The older answer, of whatever age; unknown where there is none. */
export function knownVersion(
  record: ServerRecord,
  source: "probe" | "cache" | "stale",
  nowMs: number,
): KnownVersion {
  const version = record.gitVersion === null ? undefined : parseVersion(record.gitVersion);
  if (record.gitVersion === null || version === undefined) {
    return { source: "unknown", reason: record.failure ?? "it has not been asked yet" };
  }
  const ageSeconds = Math.max(0, Math.round((nowMs - record.toldAtMs) / 1000));
  return { source, version, gitVersion: record.gitVersion, ageSeconds };
}

/** A time stamp from the future says nothing. */
function isWithin(fromMs: number, untilMs: number, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs;
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}
