/**
 * The signals that kuberlr handles while kubectl runs as its child, by platform. A signal that
 * would end kuberlr is caught, because kubectl would be left running. It must reach kubectl exactly
 * once: the terminal sends its signals to every process of the group (or console), so kubectl has
 * those already.
 *
 * Some signals are not caught. SIGTSTP, SIGTTIN, SIGTTOU and SIGCONT stop and continue the whole
 * group, kuberlr included. SIGWINCH reaches kubectl, and does nothing to kuberlr. SIGKILL and
 * SIGSTOP cannot be caught.
 *
 * @module
 */
import type { Goos } from "../platform.ts";

export interface SignalRule {
  readonly signal: string;
  readonly action:
    /** kubectl has it already, or it concerns only kuberlr. */
    | "ignore"
    | "pass-on"
    /** Ctrl-C and Ctrl-\ have reached kubectl already; `kill -INT` has reached only kuberlr. */
    | "pass-on-unless-typed";
}

/**
 * The order is that of listening. SIGHUP, SIGTERM and SIGINT come first: with the first listener
 * for any signal, Deno takes over these three, and they end the process until each has a listener
 * of its own. SIGCHLD needs a listener if it was ignored at the start, because a child that ends
 * then leaves no status.
 *
 * SIGHUP is passed on even if the terminal has sent it: the sender is unknown, and the first SIGHUP
 * ends kubectl anyway.
 */
const UNIX: readonly SignalRule[] = [
  { signal: "SIGHUP", action: "pass-on" },
  { signal: "SIGTERM", action: "pass-on" },
  { signal: "SIGINT", action: "pass-on-unless-typed" },
  { signal: "SIGCHLD", action: "ignore" },
  { signal: "SIGQUIT", action: "pass-on-unless-typed" },
  { signal: "SIGUSR1", action: "pass-on" },
  { signal: "SIGUSR2", action: "pass-on" },
  { signal: "SIGALRM", action: "pass-on" },
  { signal: "SIGABRT", action: "pass-on" },
];

/**
 * Ctrl-C, Ctrl-Break and the closing of the console window go to every process of the console.
 * There are no other signals: these are Deno's names for the console's events. A listener keeps
 * kuberlr alive until kubectl has ended.
 */
const WINDOWS: readonly SignalRule[] = [
  { signal: "SIGINT", action: "ignore" },
  { signal: "SIGBREAK", action: "ignore" },
  { signal: "SIGHUP", action: "ignore" },
  { signal: "SIGTERM", action: "ignore" },
];

export function signalRules(os: Goos): readonly SignalRule[] {
  return os === "windows" ? WINDOWS : UNIX;
}

/**
 * Returns true if the terminal may have sent a signal to this process: it has a terminal and is in
 * its foreground. `stat` is the text of `/proc/self/stat` (proc_pid_stat(5)): the fields after the
 * name are state, ppid, pgrp, session, tty_nr, tpgid.
 */
export function isInForeground(stat: string): boolean {
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return terminal !== undefined && terminal !== "0" && group === foreground;
}

/** The numbers of these signals in Linux, the same on every architecture that Deno runs on. */
export const HANDLED_SIGNALS: readonly number[] = [1, 2, 3, 6, 10, 12, 14, 15, 17];

/**
 * Returns true if a process ignores any of these signals; `undefined` if that is not known.
 * `status` is the text of its `/proc/PID/status`.
 */
export function ignoresAny(signals: readonly number[], status: string): boolean | undefined {
  const digits = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (digits === undefined) return undefined;
  const mask = BigInt(`0x${digits}`);
  return signals.some((number) => ((mask >> BigInt(number - 1)) & 1n) === 1n);
}
