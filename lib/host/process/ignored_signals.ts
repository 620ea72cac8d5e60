/**
 * The signals that this process was started with as ignored.
 *
 * @module
 */
import { ignoresAny } from "../../handoff/child_signals.ts";
import { withLibc } from "./rare_libc.ts";

/**
 * Whether any of these signals is ignored, by Linux' numbers; `undefined` where the system does not
 * tell.
 */
export function isAnyIgnored(signals: readonly number[]): boolean | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    return ignoresAny(signals, Deno.readTextFileSync("/proc/self/status"));
  } catch {
    return undefined; // No /proc, or no permission.
  }
}

let atStart: readonly number[] = [];

/**
 * Notes down what is ignored. To be called early: some hundred milliseconds after its start, Deno
 * listens to SIGUSR1, and takes SIGHUP, SIGINT and SIGTERM with it, ignored or not.
 */
export function noteIgnoredSignals(): void {
  atStart = CATCHABLE.filter((signal) => isAnyIgnored([signal]) === true);
}

/**
 * Ignores again what {@linkcode noteIgnoredSignals} has found, for the program that is executed
 * next.
 */
export function ignoreAgain(): void {
  if (atStart.length === 0) return;
  const ignore = Deno.UnsafePointer.create(1n); // SIG_IGN
  withLibc(SIGNAL, ({ signal }) => {
    for (const number of atStart) signal(number, ignore);
  });
}

/** Those that Deno takes: HUP, INT, USR1, TERM. */
const CATCHABLE = [1, 2, 10, 15];

const SIGNAL = { signal: { parameters: ["i32", "pointer"], result: "pointer" } } as const;
