/**
 * The signals that this process was started with as ignored, and the one that it ignores itself.
 *
 * @module
 */
import { ignoresAny } from "../../handoff/child_signals.ts";
import { withLibc } from "./rare_libc.ts";

/**
 * Tells whether any of these signals is ignored, or was when {@linkcode noteIgnoredSignals} was
 * called, by Linux' numbers; `undefined` if the system does not report it.
 */
export function isAnyIgnored(signals: readonly number[]): boolean | undefined {
  if (Deno.build.os !== "linux") return undefined;
  if (signals.some((signal) => atStart.includes(signal))) return true;
  const status = readStatus();
  return status === undefined ? undefined : ignoresAny(signals, status);
}

/** Returns what Linux reports of this process; `undefined` without /proc, or without permission. */
function readStatus(): string | undefined {
  try {
    return Deno.readTextFileSync("/proc/self/status");
  } catch {
    return undefined;
  }
}

let atStart: readonly number[] = [];

/**
 * Records which signals are ignored. It is called early: some hundred milliseconds after its start,
 * Deno listens to SIGUSR1, and takes over SIGHUP, SIGINT and SIGTERM with it, also if they are
 * ignored.
 */
export function noteIgnoredSignals(): void {
  if (Deno.build.os !== "linux") return;
  const status = readStatus();
  if (status === undefined) return;
  atStart = CATCHABLE.filter((signal) => ignoresAny([signal], status) === true);
}

/**
 * Ignores again the signals that {@linkcode noteIgnoredSignals} has found, for the program that is
 * started next.
 */
export function ignoreAgain(): void {
  if (atStart.length === 0) return;
  withLibc(SIGNAL, ({ signal }) => {
    for (const number of atStart) signal(number, ignore());
  });
}

/** The signals that Deno takes over: HUP, INT, USR1, TERM. */
const CATCHABLE = [1, 2, 10, 15];

/** Returns SIG_IGN. Deno makes a pointer only where it allows FFI. */
const ignore = () => Deno.UnsafePointer.create(1n);

const SIGNAL = { signal: { parameters: ["i32", "pointer"], result: "pointer" } } as const;

const SIGXFSZ = 25;

let writers = 0;
let before: Deno.PointerValue | undefined;

/**
 * From now on, a write beyond the size that `ulimit -f` allows fails with EFBIG; otherwise it ends
 * this process without a message. Returns a function that restores the former state, which kubectl
 * is to inherit.
 */
export function failAtFileSizeLimit(): () => void {
  if (Deno.build.os === "windows") return () => {};
  if (writers++ === 0) before = handleFileSizeSignal(ignore);
  let isUndone = false;
  return () => {
    if (isUndone) return;
    isUndone = true;
    const handler = before;
    if (--writers === 0 && handler !== undefined) handleFileSizeSignal(() => handler);
  };
}

/** Returns the former handler; `undefined` if libc cannot be called. */
function handleFileSizeSignal(
  handler: () => Deno.PointerValue,
): Deno.PointerValue | undefined {
  return withLibc(SIGNAL, ({ signal }) => signal(SIGXFSZ, handler()));
}
