/**
 * The record of a server: its version, the entries for which it was told, when it was asked, and
 * the kubectl that was chosen for it last. The key is the endpoint's identity. A record holds no
 * token: an entry is stored as a fingerprint of its public part (`entryFingerprint()`).
 *
 * @module
 */
import type { ServerAnswer } from "./version_answer.ts";
import { isLoopback, parseIpAddress } from "../connection/ip_address.ts";
import { hashContent } from "../encoding/hash.ts";
import { parseJsonObject } from "../encoding/json.ts";
import { parseVersion, type Version } from "../version/version.ts";

/** A server's version, and how it is known. */
export type KnownVersion =
  | {
    readonly source: "probe" | "cache" | "stale";
    readonly version: Version;
    /** As the server wrote it. */
    readonly gitVersion: string;
    readonly ageSeconds: number;
  }
  | { readonly source: "unknown"; readonly reason: string };

/** The kinds of answers that are not a version. */
export type ServerFailure = Exclude<ServerAnswer["kind"], "version">;

const FAILURES: Readonly<Record<ServerFailure, true>> = {
  unreachable: true,
  denied: true,
  unknown: true,
};

/** Times are milliseconds since the epoch; `null` stands for never. */
export interface ServerRecord {
  /** The result of `endpointIdentity()`, in full: the file's name is only a hash of it. */
  readonly identity: string;
  /** The last version that the server told, when it did, and for which entries. */
  readonly gitVersion: string | null;
  readonly toldAtMs: number;
  readonly toldTo: readonly string[];
  /** The last attempt to ask, if it failed: when, why, and for which entry. */
  readonly failedAtMs: number | null;
  readonly failure: string | null;
  readonly failedFor: string | null;
  readonly failedAs: ServerFailure | null;
  /** The seconds that the failed attempt waited, if less than `Timeout`. */
  readonly failedWaitSeconds: number | null;
  /** The time at which the credential plugin of `failedFor` failed. */
  readonly pluginFailedAtMs: number | null;
  /** The time at which the user was last told that the version will stay unknown. */
  readonly warnedAtMs: number | null;
  /** The path of the kubectl that was chosen last. */
  readonly lastUsed: string | null;
}

const FORMAT = 2;
const MAX_TEXT_LENGTH = 1_000;
/** Contexts of one server that are used in turn must not displace each other. */
const MAX_ENTRIES = 16;
const DAY_MS = 24 * 60 * 60 * 1000;

export function serverFileName(identity: string): string {
  return `${hashContent(identity)}.json`;
}

export function formatServerRecord(record: ServerRecord): string {
  return JSON.stringify({ format: FORMAT, ...record });
}

/** Returns `undefined` for a text that is not a record of this server. */
export function parseServerRecord(text: string, identity: string): ServerRecord | undefined {
  const parsed = parseJsonObject(text) as ServerRecord & { format?: unknown } | undefined;
  if (parsed?.format !== FORMAT || parsed.identity !== identity) return undefined;
  const { format: _, ...record } = parsed;
  const { gitVersion, toldAtMs, toldTo, failedAs } = record;
  const { failedAtMs, failedWaitSeconds, pluginFailedAtMs, warnedAtMs } = record;
  const texts = [gitVersion, record.failure, record.failedFor, record.lastUsed];
  if (typeof toldAtMs !== "number") return undefined;
  const numbers = [failedAtMs, failedWaitSeconds, pluginFailedAtMs, warnedAtMs];
  if (!numbers.every((number) => isNullOr("number", number))) return undefined;
  if (!texts.every((text) => isNullOr("string", text))) return undefined;
  if (!Array.isArray(toldTo) || !toldTo.every((entry) => typeof entry === "string")) {
    return undefined;
  }
  if (gitVersion !== null && parseVersion(gitVersion) === undefined) return undefined;
  if (failedAs !== null && !Object.hasOwn(FAILURES, String(failedAs))) return undefined;
  return record;
}

const NO_FAILURE = {
  failedAtMs: null,
  failure: null,
  failedFor: null,
  failedAs: null,
  failedWaitSeconds: null,
  pluginFailedAtMs: null,
} as const;

export function emptyServerRecord(identity: string): ServerRecord {
  return {
    identity,
    gitVersion: null,
    toldAtMs: 0,
    toldTo: [],
    ...NO_FAILURE,
    warnedAtMs: null,
    lastUsed: null,
  };
}

/** Returns the record after an answer to an entry. A failure keeps the older version. */
export function noteAnswer(
  record: ServerRecord,
  answer: ServerAnswer,
  entry: string,
  nowMs: number,
): ServerRecord {
  if (answer.kind !== "version") {
    const before = record.failedFor === entry ? record.pluginFailedAtMs : null;
    return {
      ...record,
      failedAtMs: nowMs,
      failure: answer.reason.slice(0, MAX_TEXT_LENGTH),
      failedFor: entry,
      failedAs: answer.kind,
      failedWaitSeconds: null,
      pluginFailedAtMs: answer.lasting === "plugin" ? nowMs : before,
    };
  }
  const gitVersion = answer.gitVersion.slice(0, MAX_TEXT_LENGTH);
  // A server with another version has to be asked again for every other entry.
  const others = gitVersion === record.gitVersion
    ? record.toldTo.filter((other) => other !== entry)
    : [];
  return {
    ...record,
    gitVersion,
    toldAtMs: nowMs,
    toldTo: [entry, ...others].slice(0, MAX_ENTRIES),
    ...NO_FAILURE,
  };
}

export interface Ttl {
  readonly versionTtlSeconds: number;
  readonly unreachableTtlSeconds: number;
}

/** Seconds that the command would wait, if less than `Timeout`. */
export interface WaitLimit {
  readonly waitSeconds?: number | undefined;
}

/** Servers that use http on loopback (`kubectl proxy`) come and go on one port. */
const LOOPBACK_TTL_SECONDS = 60;

/** Returns the times to live for a server, by the `url` of its endpoint. */
export function ttlOf<T extends Ttl>(ttl: T, url: string): Ttl {
  const { versionTtlSeconds, unreachableTtlSeconds } = ttl;
  // IPv6 with a zone has no URL here, and Go's URLs allow it.
  const { protocol = "", hostname = "" } = URL.parse(url) ?? {};
  const address = parseIpAddress(hostname.replace(/^\[|\]$/g, ""));
  const isHere = hostname === "localhost" || (address !== undefined && isLoopback(address));
  return {
    versionTtlSeconds: protocol === "http:" && isHere
      ? Math.min(versionTtlSeconds, LOOPBACK_TTL_SECONDS)
      : versionTtlSeconds,
    unreachableTtlSeconds,
  };
}

/**
 * Returns what is known without asking, and until when (milliseconds since the epoch) asking would
 * bring nothing new; `undefined` if the server has to be asked.
 */
export function recallVersion(
  record: ServerRecord,
  entry: string,
  ttl: Ttl & WaitLimit,
  nowMs: number,
): { readonly known: KnownVersion; readonly untilMs: number } | undefined {
  const versionUntilMs = record.toldAtMs + ttl.versionTtlSeconds * 1000;
  const wasTold = record.gitVersion !== null && record.toldTo.includes(entry);
  if (wasTold && isWithin(record.toldAtMs, versionUntilMs, nowMs)) {
    return { known: knownVersion(record, "cache", nowMs), untilMs: versionUntilMs };
  }
  if (record.failedAtMs === null || record.failedFor !== entry) return undefined;
  const failureUntilMs = record.failedAtMs + ttl.unreachableTtlSeconds * 1000;
  if (!isWithin(record.failedAtMs, failureUntilMs, nowMs)) return undefined;
  const known = knownVersion(record, "stale", nowMs);
  const { failedWaitSeconds } = record;
  if (failedWaitSeconds === null) return { known, untilMs: failureUntilMs };
  // A failure after a shorter wait says nothing to commands that wait longer.
  return (ttl.waitSeconds ?? Infinity) <= failedWaitSeconds ? { known, untilMs: nowMs } : undefined;
}

/**
 * Returns true if the entry's credential plugin has failed so recently that it is not run again.
 */
export function hasPluginFailed(
  { failedFor, pluginFailedAtMs }: ServerRecord,
  entry: string,
  { versionTtlSeconds }: Pick<Ttl, "versionTtlSeconds">,
  nowMs: number,
): boolean {
  return failedFor === entry && pluginFailedAtMs !== null &&
    isWithin(pluginFailedAtMs, pluginFailedAtMs + versionTtlSeconds * 1000, nowMs);
}

/** Returns true if the user was warned within a day that the version stays unknown. */
export function wasWarned({ warnedAtMs }: ServerRecord, nowMs: number): boolean {
  return warnedAtMs !== null && isWithin(warnedAtMs, warnedAtMs + DAY_MS, nowMs);
}

/** Returns the recorded version, however old, else the reason why it is unknown. */
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

/** A time stamp from the future counts as outdated. */
function isWithin(fromMs: number, untilMs: number, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs;
}

function isNullOr(type: "number" | "string", value: unknown): boolean {
  return value === null || typeof value === type;
}
