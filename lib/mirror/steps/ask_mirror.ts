/**
 * Requests to one mirror: how long each may take, how long to wait before the next attempt, and
 * when to give up.
 *
 * @module
 */
import { NEW_SERIES, planRetry, type Retry, type Series } from "../backoff.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { MAX_TEXT_BYTES } from "../checksum.ts";
import { LONG_WAIT_MS } from "../../output/report.ts";
import type { Host } from "../../ports/host.ts";
import {
  classifyAnswer,
  type Failed,
  type MirrorResult,
  type RetryableFailure,
} from "../answer.ts";
import type { Mirror, MirrorFile } from "../mirror.ts";
import type { DownloadRequest, DownloadResult, Receiver } from "../../ports/store.ts";
import type { Userinfo } from "../../encoding/userinfo.ts";
import type { WaitBudget } from "./wait_budget.ts";

/**
 * A mirror's place among the others. `early`: others come after it, so the wait for its first
 * answer is short.
 */
export type MirrorPosition = "only" | "early" | "last";

/** The state of one mirror while one command asks it. */
export interface MirrorSession {
  readonly mirror: Mirror;
  readonly credentials: Userinfo | undefined;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  position: MirrorPosition;
  hasAnswered: boolean;
  /** Why it is not asked again: it was silent or too slow, or an earlier command found it down. */
  timedOut: Failed | undefined;
  /** The failure that later commands remember. */
  down: Failed | undefined;
  /** Returns why a kubectl is not to be fetched: an earlier command found it wrong. */
  readonly recallWrong: (file: MirrorFile) => Failed | undefined;
  /** The kubectls found wrong, by the URL that messages show; later commands remember them. */
  readonly wrong: Map<string, Failed>;
  /** It has had its full time, so it is not asked once more. */
  isGivenUp: boolean;
  /** Shared by all mirrors of a command. */
  readonly budget: WaitBudget;
  /** Shared by all files of the mirror, because the user waits for all of them. */
  series: Series;
}

export type MirrorHost = Pick<Host, "downloads" | "store" | "clock">;

/** `timedOut`: why the mirror is not to be asked at all: an earlier command found it down. */
export function startSession(
  start:
    & Pick<MirrorSession, "mirror" | "credentials" | "stallMs" | "budget" | "timedOut">
    & Partial<Pick<MirrorSession, "recallWrong">>,
): MirrorSession {
  return {
    recallWrong: () => undefined,
    wrong: new Map(),
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
/** The time for all of a checksum, marker or signature. */
const TEXT_MS = 10_000;

export type Bounds = Pick<DownloadRequest, "maxBytes" | "totalMs" | "minimumRate" | "resume">;

/** Sends one request. The time until its answer begins is taken off the command's budget. */
export async function askMirror(
  { url }: MirrorFile,
  session: MirrorSession,
  { receiver, ...bounds }: Bounds & { readonly receiver: Receiver },
  { downloads, clock }: Pick<MirrorHost, "downloads" | "clock">,
): Promise<DownloadResult> {
  const { credentials, position, hasAnswered, budget, stallMs, mirror } = session;
  const leftMs = budget.leftMs();
  // This failure must not count against the mirror.
  if (leftMs <= 0) return { kind: "failure", cause: "protocol", message: budget.exhaustedReason };
  const share = position === "early" && !hasAnswered ? EARLY_SHARE : 1;
  const startedMs = clock.monotonicMs();
  let waitedMs: number | undefined;
  const result = await downloads.get({
    url,
    credentials,
    ...bounds,
    answerMs: Math.min(stallMs, leftMs) * share,
    stallMs: Math.min(stallMs, budget.limitMs),
    ...(bounds.totalMs === undefined ? {} : { totalMs: Math.min(bounds.totalMs, leftMs) }),
    tellAfterMs: budget.tellAfterMs(startedMs),
  }, {
    begin(head) {
      session.hasAnswered = true;
      waitedMs = clock.monotonicMs() - startedMs;
      return receiver.begin(head);
    },
    write: (bytes) => receiver.write(bytes),
    waiting: () => budget.announce(mirror.base),
  });
  // While the bytes of a kubectl come, there is progress to see; all of a text is waited for.
  const isWaiting = waitedMs === undefined || bounds.totalMs !== undefined;
  budget.spend(isWaiting ? clock.monotonicMs() - startedMs : waitedMs ?? 0);
  return result;
}

/** Fetches a checksum, a marker or a signature, with retries. */
export async function fetchText(
  file: MirrorFile,
  session: MirrorSession,
  host: MirrorHost,
): Promise<MirrorResult<string>> {
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
    const verdict = classifyAnswer(result, file, host.clock.nowMs());
    switch (verdict.kind) {
      case "ok":
        return { kind: "got", value: decode(chunks) };
      case "failed":
        return giveUp(verdict, session);
      case "missing":
        return verdict;
      case "retryable":
        if (!await waitToRetry(verdict, session, host)) return verdict.failed;
    }
  }
}

/** Asks once whether the mirror has a file, without reading it. */
export async function checkPresence(
  file: MirrorFile,
  session: MirrorSession,
  host: MirrorHost,
): Promise<MirrorResult<undefined>> {
  const receiver: Receiver = { begin: () => false, write: () => {} };
  const bounds = { maxBytes: 0, totalMs: TEXT_MS, resume: undefined, receiver };
  const result = await askMirror(file, session, bounds, host);
  const verdict = classifyAnswer(result, file, host.clock.nowMs());
  switch (verdict.kind) {
    case "ok":
      return { kind: "got", value: undefined };
    case "retryable":
      if (verdict.failed.isDown) session.down = verdict.failed;
      return verdict.failed;
    default:
      return verdict;
  }
}

/** Waits before the next attempt; returns `false` at once if there is to be none. */
export async function waitToRetry(
  { cause, retryAfterMs, failed }: RetryableFailure,
  session: MirrorSession,
  { clock }: Pick<MirrorHost, "clock">,
): Promise<boolean> {
  const { budget } = session;
  // The fraction of the current millisecond serves as a random number.
  const jitter = (clock.monotonicMs() * 1000) % 1000 / 1000;
  const retry: Retry = cause === "silent" && isPassedOver(session)
    ? { kind: "stop" }
    : planRetry(session.series, cause, retryAfterMs, jitter);
  if (retry.kind === "stop" || retry.milliseconds >= budget.leftMs()) {
    if (cause === "silent") session.timedOut = failed;
    if (failed.isDown) session.down = failed;
    return false;
  }
  session.series = retry.series;
  if (retry.milliseconds >= LONG_WAIT_MS) {
    budget.say(`${failed.reason}; trying again in ${Math.round(retry.milliseconds / 1000)} s`);
  }
  await clock.sleep(retry.milliseconds);
  budget.spend(retry.milliseconds);
  return true;
}

/** Notes a failure of the mirror itself: it is not asked for anything else. Returns the failure. */
export function giveUp(failed: Failed, session: MirrorSession): Failed {
  if (failed.isDown) {
    session.timedOut = failed;
    session.down = failed;
    session.isGivenUp = true;
  }
  return failed;
}

/** Returns true if a silent mirror is not retried: there is another one, or it may be dead. */
function isPassedOver({ position, hasAnswered }: MirrorSession): boolean {
  return position === "early" || !hasAnswered;
}

/** Decodes bytes one by one: checksums and markers are ASCII, and their parsers check that. */
function decode(chunks: readonly Uint8Array[]): string {
  const text = Array.from(concatBytes(chunks), (byte) => String.fromCharCode(byte)).join("");
  return text.replace(/^\xEF\xBB\xBF/, "");
}
