/**
 * Decides when to try a mirror again, and when to stop. A user waits for kubectl, so a whole series
 * of attempts waits 15 seconds at most, unless the server itself asks for more.
 *
 * @module
 */

/** One series of attempts at the files of one mirror. */
export interface Series {
  /** Attempts that have failed since the last byte was received. */
  readonly failures: number;
  readonly waitedMs: number;
}

export const NEW_SERIES: Series = { failures: 0, waitedMs: 0 };

/**
 * Why another attempt may help. `connect`, `silent`: the mirror may be unreachable, so one retry is
 * enough. `mismatch`: the bytes are complete but wrong, or only one of binary and checksum is
 * there; the caches of a mirror may disagree for a while.
 */
export type RetryCause = "connect" | "silent" | "broken" | "busy" | "mismatch";

export type Retry =
  | { readonly kind: "wait"; readonly milliseconds: number; readonly series: Series }
  | { readonly kind: "stop" };

const MAX_FAILURES: Readonly<Record<RetryCause, number>> = {
  connect: 2,
  silent: 2,
  broken: 5,
  busy: 5,
  mismatch: 4,
};
const FIRST_WAIT_MS = 500;
const MAX_WAITED_MS = 15_000;
const MAX_WAITED_ON_REQUEST_MS = 60_000;

/**
 * Returns how long to wait before the next attempt, or that there is none. `retryAfterMs`: the
 * delay that the server asked for. `jitter`: from 0 up to 1, spreads clients that failed at the
 * same moment.
 */
export function planRetry(
  series: Series,
  cause: RetryCause,
  retryAfterMs: number | undefined,
  jitter: number,
): Retry {
  const failures = series.failures + 1;
  if (failures >= MAX_FAILURES[cause]) return { kind: "stop" };
  if (retryAfterMs !== undefined) {
    const waitedMs = series.waitedMs + retryAfterMs;
    return waitedMs > MAX_WAITED_ON_REQUEST_MS
      ? { kind: "stop" }
      : { kind: "wait", milliseconds: retryAfterMs, series: { failures, waitedMs } };
  }
  const left = MAX_WAITED_MS - series.waitedMs;
  if (left <= 0) return { kind: "stop" };
  const wait = Math.min(left, FIRST_WAIT_MS * 2 ** (failures - 1) * (0.5 + jitter));
  return {
    kind: "wait",
    milliseconds: wait,
    series: { failures, waitedMs: series.waitedMs + wait },
  };
}

/** Returns the series after bytes were received. The time already waited still counts. */
export function noteProgress({ waitedMs }: Series): Series {
  return { failures: 0, waitedMs };
}

/**
 * Reads a `Retry-After`, in seconds or as a date. Returns milliseconds from now; `undefined` for
 * other texts.
 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * 1000;
  const date = /^[A-Za-z]{3}, \d/.test(trimmed) ? Date.parse(trimmed) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
