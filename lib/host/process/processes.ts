/**
 * The `Processes` port: runs programs that print their answer to stdout, mainly credential plugins.
 *
 * Such a program gets no stdin and no terminal. It runs in its own session, so it cannot ask the
 * user anything. It is killed if it prints too much or its deadline passes, and it gets the signals
 * that end kuberlr.
 *
 * @module
 */
import { growingBytes } from "../../encoding/bytes.ts";
import type { Clock, Processes, RunRequest, RunResult } from "../../ports/host.ts";
import { findAncestry } from "./ancestry.ts";
import { later } from "../timers.ts";
import { dropStderr, holdStderr } from "./held_stderr.ts";
import { whenInterrupted } from "./interrupts.ts";
import { isMissingProgram } from "./missing_program.ts";

export function denoProcesses(clock: Pick<Clock, "monotonicMs">): Processes {
  return { run: (request) => run(request, clock), ancestry: findAncestry };
}

const WINDOWS = Deno.build.os === "windows";

async function run(
  request: RunRequest,
  clock: Pick<Clock, "monotonicMs">,
): Promise<RunResult> {
  const remainingMs = (request.deadlineMs ?? Infinity) - clock.monotonicMs();
  if (remainingMs <= 0) return TIMEOUT;
  let child: Deno.ChildProcess | undefined;
  // This comes before the program starts, so that an interrupt in between leaves nothing behind.
  const ignoreInterrupts = whenInterrupted((signal) => child && endWith(child, signal));
  const stderr = request.stderr === undefined
    ? dropStderr(request.command, request.args)
    : holdStderr(request.command, request.args);
  try {
    child = new Deno.Command(stderr.command, {
      args: [...stderr.args],
      env: { ...request.env },
      stdin: "null",
      stdout: "piped",
      stderr: stderr.stdio,
      // On Unix the program gets its own session and process group.
      detached: !WINDOWS,
    }).spawn();
    stderr.attach(child);
  } catch (error) {
    stderr.close();
    ignoreInterrupts();
    return isMissingProgram(error) ? notFound(request.command) : NOT_EXECUTABLE;
  }

  using _reveal = request.stderr &&
    startTimer(request.stderr.afterMs, () => stderr.reveal(request.stderr!.show));
  using limit = startTimer(remainingMs);
  try {
    const output = collectOutput(child.stdout, request.maxOutputBytes);
    // `undefined` if the system has forgotten how it ended.
    const ended = child.status.catch(() => undefined);
    const status = await Promise.race([ended, output.overflow, limit.expired]);
    if (status === "output-too-large" || status === "expired") {
      killTree(child.pid);
      using timer = startTimer(REAPED_WITHIN_MS);
      await Promise.race([ended, timer.expired]);
      await output.rest();
      return status === "expired" ? TIMEOUT : TOO_LARGE;
    }
    const stdout = await output.rest();
    if (stdout === undefined) return TOO_LARGE;
    return status === undefined ? STATUS_LOST : { kind: "exited", status: status.code, stdout };
  } finally {
    stderr.close();
    ignoreInterrupts();
  }
}

/**
 * A killed process ends at once, unless it belongs to another user (setuid) or waits for a file
 * server.
 */
const REAPED_WITHIN_MS = 100;
/**
 * The output of an ended program has arrived by then; a child that keeps stdout open is not
 * awaited.
 */
const DRAINED_WITHIN_MS = 100;
const MAX_ROUNDS = 10;
/** A program that ignores a signal is killed after this time. */
const ENDS_WITHIN_MS = 1_000;

const NOT_EXECUTABLE: RunResult = {
  kind: "failed",
  reason: "not-executable",
  message: "it cannot be executed",
};
const TIMEOUT: RunResult = {
  kind: "failed",
  reason: "timeout",
  message: "it did not finish in time",
};
const TOO_LARGE: RunResult = {
  kind: "failed",
  reason: "output-too-large",
  message: "it printed too much",
};

/** If SIGCHLD is ignored, the system does not keep the status of a child. */
const STATUS_LOST: RunResult = {
  kind: "failed",
  reason: "status-lost",
  message: "how it ended is not known",
};

function notFound(command: string): RunResult {
  return { kind: "failed", reason: "not-found", message: `there is no executable "${command}"` };
}

const READ_BYTES = 64 * 1024;

interface CollectedOutput {
  /** Resolves when there is more than is kept. */
  readonly overflow: Promise<"output-too-large">;
  /** Returns all output after the program has exited; `undefined` if it is too much. */
  rest(): Promise<Uint8Array | undefined>;
}

function collectOutput(stream: ReadableStream<Uint8Array>, maxBytes: number): CollectedOutput {
  const { promise: overflow, resolve } = Promise.withResolvers<"output-too-large">();
  // A reader without a buffer of its own leaves 64 KiB behind for each piece, however small.
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new Uint8Array(READ_BYTES);
  const output = growingBytes(maxBytes);
  let state: "reading" | "ended" | "too large" = "reading";
  let hasNews = false;
  const reading = (async () => {
    try {
      for (let part; !(part = await reader.read(buffer)).done;) {
        hasNews = true;
        buffer = new Uint8Array(part.value.buffer);
        if (output.append(part.value)) continue;
        state = "too large";
        resolve("output-too-large");
        return await reader.cancel();
      }
    } catch {
      // The read was cancelled.
    }
    state = "ended";
  })();
  return {
    overflow,
    async rest() {
      for (let round = 0; state === "reading" && round < MAX_ROUNDS; round++) {
        hasNews = false;
        using timer = startTimer(DRAINED_WITHIN_MS);
        await Promise.race([reading, timer.expired]);
        if (!hasNews) break;
      }
      await reader.cancel().catch(() => {});
      await reading;
      return state === "too large" ? undefined : output.bytes();
    },
  };
}

/** `onExpiry` is called when the returned promise resolves. An infinite time never ends. */
function startTimer(milliseconds: number, onExpiry = () => {}) {
  const { promise: expired, resolve } = Promise.withResolvers<"expired">();
  const expire = () => {
    resolve("expired");
    onExpiry();
  };
  const timer = milliseconds === Infinity ? undefined : later(milliseconds, expire);
  return { expired, [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
}

/** Passes a signal on to a program and its children, and kills them if that does not end it. */
async function endWith(child: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  if (WINDOWS) return killTree(child.pid);
  try {
    Deno.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
  using timer = startTimer(ENDS_WITHIN_MS);
  const ended = child.status.then(() => "ended", () => "ended");
  if (await Promise.race([ended, timer.expired]) === "expired") killTree(child.pid);
}

/** Kills a program and all its children that are still in its group. */
function killTree(pid: number): void {
  try {
    if (WINDOWS) {
      const { success } = new Deno.Command("taskkill", {
        args: ["/T", "/F", "/PID", String(pid)],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).outputSync();
      if (!success) kill(pid);
    } else {
      Deno.kill(-pid, "SIGKILL");
    }
  } catch {
    // It has ended by itself, or has no group of its own.
    kill(pid);
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
