/**
 * The server's version: from the cache while it may be trusted, else by asking, else an older answer.
 *
 * @module
 */
import type { ServerAnswer } from "../version_answer.ts";
import type { Config } from "../../config/config.ts";
import { endpointIdentity } from "../../connection/connection.ts";
import type { Target } from "../../connection/connection.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { joinPath } from "../../platform.ts";
import {
  emptyServerRecord,
  type KnownVersion,
  knownVersion,
  noteAnswer,
  parseServerRecord,
  recallVersion,
  serverFileName,
  type ServerRecord,
} from "../server_record.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { findDistrustDown } from "../../files/steps/distrust.ts";

export interface LearnedVersion {
  readonly known: KnownVersion;
  /** Until then the same would be learned again, in milliseconds since the epoch; `undefined`: for ever. */
  readonly untilMs: number | undefined;
  readonly record: ServerRecord;
  /** What the server said, if it was asked. */
  readonly answer: ServerAnswer | undefined;
}

/**
 * - `ask`: as the time to live says
 * - `refresh`: the server is asked, whatever is remembered
 * - `recall`: the server is not asked, and an answer of any age will do
 */
export type AskMode = "ask" | "refresh" | "recall";

/** `impatience`: seconds after which the user gives up, where that is sooner than the configured `Timeout`. */
export async function learnVersion(
  target: Target,
  record: ServerRecord,
  mode: AskMode,
  config: Pick<Config, "timeoutSeconds" | "versionTtlSeconds" | "unreachableTtlSeconds">,
  host: Host,
  impatience?: number,
): Promise<LearnedVersion> {
  if (mode === "recall") {
    const known = knownVersion(record, "cache", host.clock.nowMs());
    return { known, untilMs: undefined, record, answer: undefined };
  }
  const recalled = mode === "ask" ? recallVersion(record, config, host.clock.nowMs()) : undefined;
  if (recalled !== undefined) return { ...recalled, record, answer: undefined };
  const { queryApiServer } = await import("./query_api_server.ts");
  const isImpatient = impatience !== undefined && impatience < config.timeoutSeconds;
  const answer = await queryApiServer(
    target,
    isImpatient ? impatience : config.timeoutSeconds,
    host,
  );
  const nowMs = host.clock.nowMs();
  const noted = noteAnswer(record, answer, nowMs);
  const known = knownVersion(noted, answer.kind === "version" ? "probe" : "stale", nowMs);
  // What a shorter wait did not bring says nothing to commands that wait longer.
  if (isImpatient && answer.kind !== "version") return { known, untilMs: nowMs, record, answer };
  const untilMs = recallVersion(noted, config, nowMs)?.untilMs ?? nowMs;
  return { known, untilMs, record: noted, answer };
}

/** `undefined` where nothing is to be kept of it. */
export function serverRecordPath(
  target: Target,
  layout: Layout | undefined,
  ports: Pick<Host, "platform" | "files">,
): string | undefined {
  if (layout === undefined) return undefined;
  if (findDistrustDown(layout.servers, layout.root, ports) !== undefined) return undefined;
  const name = serverFileName(endpointIdentity(target.endpoint));
  return joinPath(ports.platform, layout.servers, name);
}

/** An empty record where there is none, or none that can be read and believed. */
export function loadServerRecord(
  target: Target,
  path: string | undefined,
  { files }: Pick<Host, "files">,
): ServerRecord {
  const identity = endpointIdentity(target.endpoint);
  const text = path === undefined ? undefined : orUndefined(() => readOwnText(path, files));
  return (text === undefined ? undefined : parseServerRecord(text, identity)) ??
    emptyServerRecord(identity);
}
