/**
 * The time limits of one request: until its answer begins, between two pieces of it, for all of it,
 * and the lowest rate. A limit that is reached aborts the request by the signal.
 *
 * @module
 */
import type { DownloadFailure, DownloadRequest } from "../../ports/store.ts";
import { later } from "../timers.ts";

export interface DownloadWatch extends Disposable {
  readonly signal: AbortSignal;
  /** Returns the limit that was reached; `undefined` if none was. */
  overdue(): { readonly cause: DownloadFailure; readonly message: string } | undefined;
  /** To be called when an answer begins. */
  answered(): void;
  /** To be called for every piece. */
  received(bytes: number): void;
}

type Limits = Pick<
  DownloadRequest,
  "answerMs" | "stallMs" | "totalMs" | "minimumRate" | "tellAfterMs"
>;

/** `waiting` is called once if the request is not over after `tellAfterMs`. */
export function watchDownload(limits: Limits, waiting: () => void): DownloadWatch {
  const controller = new AbortController();
  const startedMs = performance.now();
  let lastMs = startedMs;
  let hasAnswered = false;
  let told = limits.tellAfterMs === undefined;
  let windowMs = startedMs;
  let windowBytes = 0;
  let overdue: ReturnType<DownloadWatch["overdue"]>;
  let timer: Disposable | undefined;

  const end = (cause: DownloadFailure, message: string) => {
    overdue ??= { cause, message };
    controller.abort();
  };
  const checkRate = ({ bytes, withinMs }: NonNullable<Limits["minimumRate"]>) => {
    if (windowBytes < bytes) {
      end("slow", `fewer than ${Math.ceil(bytes / 1024)} KiB came in ${withinMs / 1000} seconds`);
    }
    windowMs += withinMs;
    windowBytes = 0;
  };
  /** Returns the limits that apply now: when each is reached, and what is done then. */
  const deadlines = (): readonly (readonly [atMs: number, act: () => void])[] => {
    const { answerMs, stallMs, totalMs, minimumRate, tellAfterMs } = limits;
    const silence = (ms: number) => `nothing came for ${formatSeconds(ms)} seconds`;
    return [
      hasAnswered
        ? [lastMs + stallMs, () => end("broken", silence(stallMs))]
        : [startedMs + answerMs, () => end("silent", silence(answerMs))],
      ...(totalMs === undefined ? [] : [
        [
          startedMs + totalMs,
          () => end("slow", `it took longer than ${formatSeconds(totalMs)} seconds`),
        ] as const,
      ]),
      ...(minimumRate === undefined || !hasAnswered ? [] : [
        [windowMs + minimumRate.withinMs, () => checkRate(minimumRate)] as const,
      ]),
      ...(told || tellAfterMs === undefined ? [] : [
        [startedMs + tellAfterMs, () => {
          told = true;
          waiting();
        }] as const,
      ]),
    ];
  };
  const check = () => {
    timer?.[Symbol.dispose]();
    const nowMs = performance.now();
    for (const [atMs, act] of deadlines()) {
      if (atMs <= nowMs && overdue === undefined) act();
    }
    if (overdue !== undefined) return;
    // The timer is not reset for every piece: when it fires, the limits are checked again.
    const nextMs = Math.min(...deadlines().map(([atMs]) => atMs));
    timer = later(Math.max(0, nextMs - nowMs), check);
  };
  check();
  return {
    signal: controller.signal,
    overdue: () => overdue,
    answered() {
      lastMs = performance.now();
      if (hasAnswered) return;
      hasAnswered = true;
      windowMs = lastMs;
      check();
    },
    received(bytes) {
      lastMs = performance.now();
      windowBytes += bytes;
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}

/** Returns seconds with at most two decimals, because the rest of a command's time has many. */
function formatSeconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(2))}`;
}
