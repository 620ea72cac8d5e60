/**
 * The signals that kuberlr handles while it waits for its kubectl, by platform. A signal that would
 * end kuberlr is caught, since kubectl would stay behind, and reaches kubectl exactly once: the
 * terminal sends its signals to every process of the group (or of the console), so kubectl has them
 * already.
 *
 * Not caught: SIGTSTP, SIGTTIN, SIGTTOU and SIGCONT (the shell stops and continues the whole group,
 * kuberlr with it), SIGWINCH (the terminal tells kubectl, and kuberlr does not mind), SIGKILL and
 * SIGSTOP (no process can).
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
    /** Ctrl-C and Ctrl-\ have reached kubectl; `kill -INT` reached kuberlr alone. */
    | "pass-on-unless-typed";
}

/**
 * In the order of listening. SIGHUP first: Deno's first listener, for any signal, takes SIGHUP,
 * SIGTERM and SIGINT, and until each has its own, it ends the process. SIGCHLD needs a handler
 * where it was ignored at the start: a child that ends before leaves no status.
 *
 * SIGHUP is passed on even when the terminal sent it: it cannot be told, and the first one ends
 * kubectl anyway.
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
 * Ctrl-C, Ctrl-Break and the closing of the console window go to every process of the console, and
 * nothing else can be sent: the rest are Deno's names for the console's events. A listener keeps
 * kuberlr alive until kubectl is done.
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
 * Whether the terminal can have sent a signal to this process: it has one and is in its foreground.
 * `stat` is `/proc/self/stat` (proc_pid_stat(5)): the fields after the name are state, ppid, pgrp,
 * session, tty_nr, tpgid.
 */
export function isInForeground(stat: string): boolean {
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return terminal !== undefined && terminal !== "0" && group === foreground;
}

/** The numbers of the rules' signals, which the architectures of Linux that Deno runs on share. */
export const RULED_SIGNALS: readonly number[] = [1, 2, 3, 6, 10, 12, 14, 15, 17];

/**
 * Whether a process was started with any of these signals ignored. `status` is its
 * `/proc/PID/status`; `undefined` where that does not say.
 */
export function ignoresAny(signals: readonly number[], status: string): boolean | undefined {
  const digits = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (digits === undefined) return undefined;
  const mask = BigInt(`0x${digits}`);
  return signals.some((number) => ((mask >> BigInt(number - 1)) & 1n) === 1n);
}
