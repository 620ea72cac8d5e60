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
  HANDLED_SIGNALS,
  isInForeground,
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
 * Returns true if signals may be listened to before kubectl starts. Deno's first listener takes
 * over SIGHUP, SIGINT and SIGTERM together, and a child inherits no listeners: a signal that was
 * ignored (`nohup`) would have its default action in kubectl. So kubectl starts first, unless it is
 * certain that no signal was ignored; a signal between the two then ends only kuberlr. On Windows
 * as well: a listener enables Ctrl-C for the child, even if kuberlr's parent has disabled it.
 */
function mayListenEarly(): boolean {
  return isAnyIgnored(HANDLED_SIGNALS) === false;
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
    // This fails without a controlling terminal. With one, the signal may have been typed, and
    // sending it twice would be worse than not at all.
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
  // The signal is sent twice. Rust has a handler for SIGSEGV and SIGBUS, to detect stack overflows,
  // which only removes itself the first time.
  for (const pause of [DEATH_MS / 10, DEATH_MS]) {
    Deno.kill(Deno.pid, signal);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
