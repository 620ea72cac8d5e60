/**
 * The limits of one request in time: until its answer begins, between two pieces of it, in all, and
 * how slowly it may come. Each ends the request by its signal.
 *
 * @module
 */
import type { DownloadFailure, DownloadRequest } from "../../ports/store.ts";
import { later } from "../timers.ts";

export interface DownloadWatch extends Disposable {
  readonly signal: AbortSignal;
  /** Why the request was ended, if it was. */
  overdue(): { readonly cause: DownloadFailure; readonly message: string } | undefined;
  /** An answer has begun. */
  answered(): void;
  received(bytes: number): void;
}

type Limits = Pick<
  DownloadRequest,
  "answerMs" | "stallMs" | "totalMs" | "minimumRate" | "tellAfterMs"
>;

/** `waiting` is called once where the request is not over after `tellAfterMs`. */
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
  /** Each limit that holds now: when it is reached, and what happens then. */
  const reminders = (): readonly (readonly [atMs: number, act: () => void])[] => {
    const { answerMs, stallMs, totalMs, minimumRate, tellAfterMs } = limits;
    const silence = (ms: number) => `nothing came for ${ms / 1000} seconds`;
    return [
      hasAnswered
        ? [lastMs + stallMs, () => end("broken", silence(stallMs))]
        : [startedMs + answerMs, () => end("silent", silence(answerMs))],
      ...(totalMs === undefined ? [] : [
        [
          startedMs + totalMs,
          () => end("slow", `it took longer than ${totalMs / 1000} seconds`),
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
  const look = () => {
    timer?.[Symbol.dispose]();
    const nowMs = performance.now();
    for (const [atMs, act] of reminders()) {
      if (atMs <= nowMs && overdue === undefined) act();
    }
    if (overdue !== undefined) return;
    // The timer is not moved for every piece: it looks again when it fires.
    const nextMs = Math.min(...reminders().map(([atMs]) => atMs));
    timer = later(Math.max(0, nextMs - nowMs), look);
  };
  look();
  return {
    signal: controller.signal,
    overdue: () => overdue,
    answered() {
      lastMs = performance.now();
      if (hasAnswered) return;
      hasAnswered = true;
      windowMs = lastMs;
      look();
    },
    received(bytes) {
      lastMs = performance.now();
      windowBytes += bytes;
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}
