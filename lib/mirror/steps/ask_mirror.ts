/**
 * Requests to one mirror: how long each may take, how long to wait before the next attempt, and
 * when to give up.
 *
 * @module
 */
import { NEW_SERIES, planRetry, type Retry, type Series } from "../backoff.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { MAX_TEXT_BYTES } from "../checksum.ts";
import type { Host } from "../../ports/host.ts";
import { type Failed, type Got, judgeAnswer, type TroubleVerdict } from "../answer.ts";
import type { Mirror, MirrorFile } from "../mirror.ts";
import type {
  DownloadRequest,
  DownloadResult,
  MirrorCredentials,
  Receiver,
} from "../../ports/store.ts";
import type { Patience } from "./patience.ts";

/**
 * A mirror's place among the others. `early`: others are still to be asked, so the wait for its
 * first answer is short.
 */
export type MirrorTurn = "only" | "early" | "last";

/** The state of one mirror while one command asks it. */
export interface MirrorSession {
  readonly mirror: Mirror;
  readonly credentials: MirrorCredentials | undefined;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  position: MirrorTurn;
  hasAnswered: boolean;
  /** Why it is not asked any more: it was silent, too slow, or is remembered as down. */
  timedOut: Failed | undefined;
  /** Why it counts as down, for the commands after this one. */
  down: Failed | undefined;
  /** Whether it has had all its time, so it gets no second chance. */
  isGivenUp: boolean;
  /** Shared by all mirrors of a command. */
  readonly patience: Patience;
  /** Shared by all files of the mirror: it is the user who waits. */
  series: Series;
}

export type MirrorHost = Pick<Host, "downloads" | "store" | "clock">;

/**
 * `timedOut`: why the mirror is not to be asked at all, where an earlier command has found it down.
 */
export function startSession(
  start: Pick<MirrorSession, "mirror" | "credentials" | "stallMs" | "patience" | "timedOut">,
): MirrorSession {
  return {
    ...start,
    position: "only",
    hasAnswered: false,
    down: undefined,
    isGivenUp: start.timedOut !== undefined,
    series: NEW_SERIES,
  };
}

/**
 * The share of its time that a mirror gets for its first answer while others are still to be asked.
 */
const EARLY_SHARE = 1 / 4;
/** A checksum or a marker has so long in all. */
const TEXT_MS = 10_000;

export type Bounds = Pick<DownloadRequest, "maxBytes" | "totalMs" | "minimumRate" | "resume">;

/** One request. Everything that is waited for its answer is taken off the command's patience. */
export async function askMirror(
  { url }: MirrorFile,
  session: MirrorSession,
  { receiver, ...bounds }: Bounds & { readonly receiver: Receiver },
  { downloads, clock }: Pick<MirrorHost, "downloads" | "clock">,
): Promise<DownloadResult> {
  const { credentials, position, hasAnswered, patience, stallMs, mirror } = session;
  const leftMs = patience.leftMs();
  // The mirror is not to blame.
  if (leftMs <= 0) return { kind: "failure", cause: "protocol", message: patience.whyOver };
  const share = position === "early" && !hasAnswered ? EARLY_SHARE : 1;
  const startedMs = clock.monotonicMs();
  let waitedMs: number | undefined;
  const result = await downloads.get({
    url,
    credentials,
    ...bounds,
    answerMs: Math.min(stallMs, leftMs) * share,
    stallMs: Math.min(stallMs, patience.limitMs),
    ...(bounds.totalMs === undefined ? {} : { totalMs: Math.min(bounds.totalMs, leftMs) }),
    tellAfterMs: patience.tellAfterMs(startedMs),
  }, {
    begin(head) {
      session.hasAnswered = true;
      waitedMs = clock.monotonicMs() - startedMs;
      return receiver.begin(head);
    },
    write: (bytes) => receiver.write(bytes),
    waiting: () => patience.tell(mirror.base),
  });
  // The bytes of a kubectl are progress; for a text, all of it is waiting.
  const isWaiting = waitedMs === undefined || bounds.totalMs !== undefined;
  patience.spend(isWaiting ? clock.monotonicMs() - startedMs : waitedMs ?? 0);
  return result;
}

/** A checksum, a marker or a signature. */
export async function fetchText(
  file: MirrorFile,
  session: MirrorSession,
  host: MirrorHost,
): Promise<Got<string>> {
  if (session.timedOut !== undefined) return session.timedOut;
  for (;;) {
    const chunks: Uint8Array[] = [];
    const result = await askMirror(file, session, {
      maxBytes: MAX_TEXT_BYTES,
      totalMs: TEXT_MS,
      resume: undefined,
      receiver: {
        begin: ({ status }) => status === 200,
        write: (bytes) => void chunks.push(bytes.slice()),
      },
    }, host);
    const verdict = judgeAnswer(result, file, host.clock.nowMs());
    switch (verdict.kind) {
      case "ok":
        return { kind: "got", value: decode(chunks) };
      case "failed":
        return giveUp(verdict, session);
      case "missing":
        return verdict;
      case "trouble":
        if (!await waitToRetry(verdict, session, host)) return verdict.failed;
    }
  }
}

/** Whether the file is there, by one request. */
export async function peek(
  file: MirrorFile,
  session: MirrorSession,
  host: MirrorHost,
): Promise<Got<undefined>> {
  const receiver: Receiver = { begin: () => false, write: () => {} };
  const bounds = { maxBytes: 0, totalMs: TEXT_MS, resume: undefined, receiver };
  const result = await askMirror(file, session, bounds, host);
  const verdict = judgeAnswer(result, file, host.clock.nowMs());
  switch (verdict.kind) {
    case "ok":
      return { kind: "got", value: undefined };
    case "trouble":
      if (verdict.failed.isDown) session.down = verdict.failed;
      return verdict.failed;
    default:
      return verdict;
  }
}

/** Shorter waits are not worth a line. */
const SAY_FROM_MS = 2_000;

/** Returns `false` if another try is useless. */
export async function waitToRetry(
  { trouble, retryAfterMs, failed }: TroubleVerdict,
  session: MirrorSession,
  { clock }: Pick<MirrorHost, "clock">,
): Promise<boolean> {
  const { patience } = session;
  // The fraction of a millisecond keeps those apart who failed together.
  const jitter = (clock.monotonicMs() * 1000) % 1000 / 1000;
  const retry: Retry = trouble === "silent" && isPassedOver(session)
    ? { kind: "stop" }
    : planRetry(session.series, trouble, retryAfterMs, jitter);
  if (retry.kind === "stop" || retry.milliseconds >= patience.leftMs()) {
    if (trouble === "silent") session.timedOut = failed;
    if (failed.isDown) session.down = failed;
    return false;
  }
  session.series = retry.series;
  if (retry.milliseconds >= SAY_FROM_MS) {
    patience.say(`${failed.reason}; trying again in ${Math.round(retry.milliseconds / 1000)} s`);
  }
  await clock.sleep(retry.milliseconds);
  patience.spend(retry.milliseconds);
  return true;
}

/** A mirror that was too slow is not asked for anything else. */
export function giveUp(failed: Failed, session: MirrorSession): Failed {
  if (failed.isDown) {
    session.timedOut = failed;
    session.down = failed;
    session.isGivenUp = true;
  }
  return failed;
}

/**
 * Whether a second attempt is not worth its wait: the mirror may be dead, or the next one is
 * better.
 */
function isPassedOver({ position, hasAnswered }: MirrorSession): boolean {
  return position === "early" || !hasAnswered;
}

/** Checksums and markers are ASCII; the parsers refuse all else. */
function decode(chunks: readonly Uint8Array[]): string {
  const text = Array.from(concatBytes(chunks), (byte) => String.fromCharCode(byte)).join("");
  return text.replace(/^\xEF\xBB\xBF/, "");
}
