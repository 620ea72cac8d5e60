/**
 * Finds a server's version: in its record while that is fresh, else by asking, else in an older
 * record. Each answer is recorded.
 *
 * @module
 */
import type { Config } from "../../config/config.ts";
import { entryFingerprint } from "../../connection/credentials.ts";
import { endpointIdentity } from "../../connection/endpoint.ts";
import type { Target } from "../../connection/target.ts";
import { orUndefined } from "../../errors.ts";
import type { Layout } from "../../files/layout.ts";
import { boundFolder } from "../../files/steps/bound_folder.ts";
import { findFolderDistrust } from "../../files/steps/distrust.ts";
import { makeFolderIn, writeOwnText } from "../../files/steps/write_own.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import { renderNote } from "../../output/report.ts";
import { joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import {
  emptyServerRecord,
  formatServerRecord,
  hasPluginFailed,
  type KnownVersion,
  knownVersion,
  noteAnswer,
  parseServerRecord,
  recallVersion,
  serverFileName,
  type ServerRecord,
  ttlOf,
} from "../server_record.ts";
import type { ServerAnswer } from "../version_answer.ts";
import { takeTurn, type Turn } from "./take_turn.ts";

export interface LearnedVersion {
  readonly known: KnownVersion;
  /**
   * Milliseconds since the epoch until which the same would be learned again; `undefined`: forever.
   */
  readonly untilMs: number | undefined;
  readonly record: ServerRecord;
  /** The server's answer, if this command has asked it. */
  readonly answer: ServerAnswer | undefined;
}

/**
 * - `ask`: the server is asked if its record is older than the time to live
 * - `refresh`: the server is asked in any case; a credential plugin that has failed is run again,
 *   since the user may just have logged in
 * - `recall`: the server is not asked, and a record of any age counts
 */
export type AskMode = "ask" | "refresh" | "recall";

export interface Question {
  readonly target: Target;
  /** See {@linkcode readEntryFingerprint}. */
  readonly entry: string;
  readonly mode: AskMode;
  readonly layout: Layout | undefined;
  readonly config:
    & Pick<Config, "timeoutSeconds" | "versionTtlSeconds" | "unreachableTtlSeconds">
    & Partial<Pick<Config, "quiet">>;
  /** Seconds of `--request-timeout`, which counts if it is less than `Timeout`. */
  readonly requestTimeoutSeconds?: number | undefined;
}

/**
 * Returns what is known of a server. No failure of a network, a server, a file or a plugin makes it
 * throw.
 */
export async function learnVersion(question: Question, host: Host): Promise<LearnedVersion> {
  const { target, entry, mode, layout, config } = question;
  const identity = endpointIdentity(target.endpoint);
  const path = serverRecordPath(identity, layout, host);
  const ttl = { ...ttlOf(config, target.endpoint.url), waitSeconds: shorterWait(question) };
  const load = () => loadServerRecord(identity, path, host);
  const record = load();
  if (mode === "recall") {
    return {
      known: knownVersion(record, "cache", host.clock.nowMs()),
      untilMs: undefined,
      record,
      answer: undefined,
    };
  }
  // Stamps are compared with those at the start, not with the clock: two commands may begin in one
  // millisecond.
  const isOld = ({ toldAtMs, failedAtMs }: ServerRecord) =>
    toldAtMs === record.toldAtMs && failedAtMs === record.failedAtMs;
  const recall = (current: ServerRecord) =>
    mode === "refresh" && isOld(current)
      ? undefined
      : recallVersion(current, entry, ttl, host.clock.nowMs());
  const recalled = mode === "ask" ? recall(record) : undefined;
  if (recalled !== undefined) return { ...recalled, record, answer: undefined };

  // A command that refreshes takes the answer that another has just received as its own.
  const asked = (record: ServerRecord) =>
    mode === "refresh" && record.failedAtMs === null
      ? { record, known: knownVersion(record, "probe", host.clock.nowMs()) }
      : { record };
  const turn = await takeTurnAt(question, () => recall(load()) !== undefined, host);
  try {
    // Another command may have written the record in the meantime.
    const current = load();
    const answered = turn.kind === "answered" ? recall(current) : undefined;
    if (answered !== undefined) return { ...answered, ...asked(current), answer: undefined };
    if (turn.kind === "busy") return busy(current, host.clock.nowMs());
    const learned = await askServer(question, current, turn, host);
    if (path !== undefined && layout !== undefined && learned.record !== current) {
      const text = formatServerRecord(learned.record);
      orUndefined(() => writeOwnText(path, text, layout, host));
    }
    return learned;
  } finally {
    if (turn.kind === "mine") turn.lock.release();
  }
}

/** Returns seconds; `undefined` for a command that waits as long as `Timeout` says. */
function shorterWait({ requestTimeoutSeconds, config }: Question): number | undefined {
  return requestTimeoutSeconds !== undefined && requestTimeoutSeconds < config.timeoutSeconds
    ? requestTimeoutSeconds
    : undefined;
}

async function askServer(
  question: Question,
  record: ServerRecord,
  turn: Turn,
  host: Host,
): Promise<LearnedVersion> {
  const { target, entry, mode, config } = question;
  const waitSeconds = shorterWait(question);
  const ttl = { ...ttlOf(config, target.endpoint.url), waitSeconds };
  const { queryApiServer } = await import("./query_api_server.ts");
  const answer = await queryApiServer({
    target,
    timeoutSeconds: waitSeconds ?? config.timeoutSeconds,
    plugin: turn.kind !== "mine"
      ? "no-lock"
      : mode === "ask" && hasPluginFailed(record, entry, ttl, host.clock.nowMs())
      ? "failed-before"
      : "allowed",
    quiet: config.quiet ?? false,
  }, host);
  const nowMs = host.clock.nowMs();
  const isShort = waitSeconds !== undefined && answer.kind === "unreachable" &&
    answer.lasting === undefined;
  const noted = {
    ...noteAnswer(record, answer, entry, nowMs),
    ...(isShort && { failedWaitSeconds: waitSeconds }),
  };
  const known = knownVersion(noted, answer.kind === "version" ? "probe" : "stale", nowMs);
  const untilMs = recallVersion(noted, entry, ttl, nowMs)?.untilMs ?? nowMs;
  return { known, untilMs, record: noted, answer };
}

/** Returns the older version while another command asks the server, and waiting would not end. */
function busy(record: ServerRecord, nowMs: number): LearnedVersion {
  const reason = "another command is asking it at this moment";
  const known = knownVersion(record, "stale", nowMs);
  return {
    known: known.source === "unknown" ? { source: "unknown", reason } : known,
    untilMs: nowMs,
    record,
    answer: undefined,
  };
}

async function takeTurnAt(
  { target, layout, config }: Question,
  isAnswered: () => boolean,
  host: Host,
): Promise<Turn> {
  const folder = layout?.serverLocks;
  if (layout === undefined || folder === undefined) return { kind: "unlockable" };
  const isMade = orUndefined(() => {
    makeFolderIn(layout, folder, host);
    return true;
  });
  if (isMade !== true) return { kind: "unlockable" };
  boundFolder({ folder, root: layout.root, most: MAX_LOCK_FILES, names: LOCK_NAMES }, host);
  const name = serverFileName(endpointIdentity(target.endpoint)).replace(/json$/, "lock");
  return await takeTurn({
    lockPath: joinPath(host.platform, folder, name),
    isAnswered,
    waitMs: config.timeoutSeconds * 1000,
    onLongWait() {
      if (config.quiet) return;
      const who = `another command that is asking ${target.server} for its version`;
      host.terminal.stderr.write(renderNote(`Waiting for ${who}`));
    },
  }, host);
}

/** A lock for every server, and a file that names its holder. */
const MAX_LOCK_FILES = 10_000;
const LOCK_NAMES = /^[0-9a-f]{16}\.lock(?:\.|$)/;

/**
 * Returns the fingerprint of the entry that a server is asked with. A client certificate's file is
 * read through `host`, so that a trace records it.
 */
export function readEntryFingerprint(target: Target, { files }: Pick<Host, "files">): string {
  const { clientCertificate: source } = target.credentials;
  const certificate = source === undefined || "text" in source
    ? source?.text
    : orUndefined(() => readRegularText(source.file, "credential", files));
  return entryFingerprint(target, certificate);
}

/**
 * Returns the path of a server's record; `undefined` if nothing may be stored. `identity` is from
 * {@linkcode endpointIdentity}.
 */
export function serverRecordPath(
  identity: string,
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files">,
): string | undefined {
  if (layout === undefined) return undefined;
  if (findFolderDistrust(layout.servers, layout.root, host) !== undefined) return undefined;
  return joinPath(host.platform, layout.servers, serverFileName(identity));
}

/** Returns an empty record if there is none that can be read and trusted. */
export function loadServerRecord(
  identity: string,
  path: string | undefined,
  { files }: Pick<Host, "files">,
): ServerRecord {
  const text = path === undefined
    ? undefined
    : orUndefined(() => readOwnText(path, "server-record", files));
  return (text === undefined ? undefined : parseServerRecord(text, identity)) ??
    emptyServerRecord(identity);
}
