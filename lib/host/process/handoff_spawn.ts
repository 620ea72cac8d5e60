/**
 * Runs kubectl as a child and returns its status: on Windows, where a process cannot be replaced,
 * with `HandOff = "spawn"`, and where FFI is refused. Standard streams, environment, directory and
 * process group are inherited, so the terminal treats both alike.
 *
 * Two things differ from `execve`: a SIGKILL for kuberlr leaves kubectl running on Unix (the system
 * call that would tie their lives together has to be made in the child, before it becomes kubectl);
 * kubectl's argv[0] is its path.
 *
 * @module
 */
import {
  isInForeground,
  RULED_SIGNALS,
  type SignalRule,
  signalRules,
} from "../../handoff/child_signals.ts";
import { KuberlrError } from "../../errors.ts";
import type { Goos } from "../../platform.ts";
import { isAnyIgnored } from "./ignored_signals.ts";
import { explainErrno } from "./handoff_failure.ts";
import { isMissingProgram } from "./missing_program.ts";

/**
 * Returns the status to exit with. If a signal ended kubectl, this process ends by it, too; 128 + n
 * is returned where that is impossible.
 *
 * @throws {KuberlrError} it does not start
 */
export async function runAsChild(path: string, args: readonly string[]): Promise<number> {
  // A signal may arrive before kubectl runs.
  let child: Deno.ChildProcess | undefined = undefined;
  const pass = (signal: Deno.Signal) => child?.kill(signal);
  let stopListening = mayListenEarly() ? answerSignals(pass) : undefined;
  child = spawn(path, args);
  stopListening ??= answerSignals(pass);
  const { code, signal } = await statusOf(child, path);
  // Otherwise the listeners stay: without one, Deno could be killed by a late signal before it
  // returns the status.
  if (signal !== null && Deno.build.os !== "windows") {
    stopListening();
    await dieOf(signal);
  }
  return code;
}

/**
 * Deno's first listener takes over SIGHUP, SIGINT and SIGTERM together, and a child inherits no
 * handlers: what was ignored (`nohup`) would be at its default in kubectl. So, unless nothing was
 * ignored for sure, kubectl starts first, and a signal that comes between the two ends kuberlr
 * alone. On Windows, too: a listener for Ctrl-C switches on for the child what kuberlr's parent may
 * have switched off.
 */
function mayListenEarly(): boolean {
  return isAnyIgnored(RULED_SIGNALS) === false;
}

/** ENOENT, and Windows' ERROR_FILE_NOT_FOUND. */
const NOT_FOUND = 2;

function spawn(path: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(path, {
      args: [...args],
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    const errno = /\(os error (\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];
    if (errno !== undefined) throw explainErrno(path, Number(errno));
    throw isMissingProgram(error) ? explainErrno(path, NOT_FOUND) : error;
  }
}

async function statusOf(child: Deno.ChildProcess, path: string): Promise<Deno.CommandStatus> {
  try {
    return await child.status;
  } catch (cause) {
    throw new KuberlrError(
      "status-lost",
      `Cannot tell how "${path}" ended: the program that started kuberlr ignores SIGCHLD`,
      { hint: `Set "HandOff" to "exec", or start kuberlr with SIGCHLD at its default`, cause },
    );
  }
}

function answerSignals(pass: (signal: Deno.Signal) => void): () => void {
  const listeners = signalRules(Deno.build.os as Goos).map((rule) => {
    const signal = rule.signal as Deno.Signal;
    return listen(signal, () => {
      if (!isMeantForChild(rule)) return;
      try {
        pass(signal);
      } catch {
        // It has ended, and its status will follow.
      }
    });
  });
  return () => listeners.splice(0).forEach((stop) => stop());
}

function isMeantForChild({ action }: SignalRule): boolean {
  return action === "pass-on" || action === "pass-on-unless-typed" && !mayBeTyped();
}

function listen(signal: Deno.Signal, listener: () => void): () => void {
  try {
    Deno.addSignalListener(signal, listener);
  } catch {
    // This release of Deno does not know the name on this system, so the signal's default applies.
    return () => {};
  }
  return () => Deno.removeSignalListener(signal, listener);
}

function mayBeTyped(): boolean {
  try {
    if (Deno.build.os === "linux") {
      return isInForeground(Deno.readTextFileSync("/proc/self/stat"));
    }
    // This fails without a controlling terminal. With a terminal, a second Ctrl-C would be the
    // worse mistake.
    Deno.openSync("/dev/tty").close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Long enough for a signal to arrive. The wait happens only if the signal was blocked from the
 * start.
 */
const DEATH_MS = 500;

/** Returns if the signal does not end this process. */
async function dieOf(signal: Deno.Signal): Promise<void> {
  // A signal that was ignored from the start (SIGPIPE always is) would not end us. Removing a
  // listener restores the default.
  listen(signal, () => {})();
  // Twice: Rust's handler for SIGSEGV and SIGBUS, which looks for stack overflows, spends the first
  // on its own removal.
  for (const pause of [DEATH_MS / 10, DEATH_MS]) {
    Deno.kill(Deno.pid, signal);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
