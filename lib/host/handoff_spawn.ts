/**
 * Runs kubectl as a child and answers for it: on Windows, where nothing can be replaced, with `HandOff = "spawn"`, and
 * where FFI is refused. Standard streams, environment, directory and process group are inherited, so the terminal
 * treats both alike.
 *
 * What this cannot do: a SIGKILL for kuberlr leaves kubectl running on Unix (the system call that would tie their lives
 * together has to be made in the child, before it becomes kubectl); kubectl's argv[0] is its path.
 *
 * @module
 */
import { isInForeground, type SignalRule, signalRules } from "../child_signals.ts";
import { KuberlrError } from "../errors.ts";
import type { Goos } from "../platform.ts";
import { explainErrno } from "./handoff_failure.ts";

/**
 * The status to exit with. Where a signal ended kubectl, this process dies of it, too; 128 + n is for what cannot be.
 *
 * @throws KuberlrError when it does not start.
 */
export async function runAsChild(path: string, args: readonly string[]): Promise<number> {
  const child = spawn(path, args);
  // Only now: Deno's first listener takes over SIGHUP, SIGINT and SIGTERM together, and a child inherits no handlers,
  // so that what was ignored (`nohup`) would be at its default in kubectl.
  const stopListening = answerSignals(child);
  const { code, signal } = await statusOf(child, path);
  stopListening();
  if (signal !== null && Deno.build.os !== "windows") await dieOf(signal);
  return code;
}

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
    throw errno === undefined ? error : explainErrno(path, Number(errno));
  }
}

async function statusOf(child: Deno.ChildProcess, path: string): Promise<Deno.CommandStatus> {
  try {
    return await child.status;
  } catch (cause) {
    throw new KuberlrError(
      "status-lost",
      `Cannot tell how "${path}" ended: whoever started kuberlr ignores SIGCHLD`,
      { hint: `Set "HandOff" to "exec", or start kuberlr with SIGCHLD at its default`, cause },
    );
  }
}

function answerSignals(child: Deno.ChildProcess): () => void {
  const listeners = signalRules(Deno.build.os as Goos).map((rule) => {
    const signal = rule.signal as Deno.Signal;
    const listener = () => {
      if (isMeantForChild(rule)) passOn(child, signal);
    };
    return listen(signal, listener);
  });
  return () => listeners.forEach((stop) => stop());
}

function isMeantForChild({ action }: SignalRule): boolean {
  return action === "pass-on" || action === "pass-on-unless-typed" && !mayBeTyped();
}

function passOn(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended: its status is on the way.
  }
}

function listen(signal: Deno.Signal, listener: () => void): () => void {
  try {
    Deno.addSignalListener(signal, listener);
  } catch {
    // A name that this release of Deno does not know on this system: its default applies.
    return () => {};
  }
  return () => Deno.removeSignalListener(signal, listener);
}

function mayBeTyped(): boolean {
  try {
    if (Deno.build.os === "linux") {
      return isInForeground(Deno.readTextFileSync("/proc/self/stat"));
    }
    // Fails where there is no controlling terminal. With one, in doubt, the second Ctrl-C is the worse mistake.
    Deno.openSync("/dev/tty").close();
    return true;
  } catch {
    return false;
  }
}

/** Long enough for a signal to arrive; only where it was blocked from the start does anybody wait for it. */
const DEATH_MS = 500;

/** Returns where the signal does not end this process. */
async function dieOf(signal: Deno.Signal): Promise<void> {
  // What was ignored from the start (SIGPIPE always is) would not end us. A listener that goes leaves the default.
  listen(signal, () => {})();
  // Twice: Rust's handler for SIGSEGV and SIGBUS, which looks for stack overflows, spends the first on its own removal.
  for (const pause of [DEATH_MS / 10, DEATH_MS]) {
    Deno.kill(Deno.pid, signal);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
