/**
 * The `Processes` port: programs that answer on stdout within a deadline, credential plugins above all.
 *
 * Such a program gets no stdin, no stderr and no terminal: it runs in a session of its own, so it can ask nobody
 * for anything, and it is killed together with its children when its time is up, when it says too much, or when
 * kuberlr itself is interrupted.
 *
 * @module
 */
import { concatBytes } from "../../encoding/bytes.ts";
import type { Clock, Processes, RunRequest, RunResult } from "../../ports/host.ts";
import { whenInterrupted } from "./interrupts.ts";
import { readVariable } from "./libc.ts";
import { isMissingProgram } from "./missing_program.ts";

export function denoProcesses(clock: Pick<Clock, "monotonicMs">): Processes {
  return { run: (request) => run(request, clock) };
}

const WINDOWS = Deno.build.os === "windows";

async function run(
  request: RunRequest,
  clock: Pick<Clock, "monotonicMs">,
): Promise<RunResult> {
  const remainingMs = request.deadlineMs - clock.monotonicMs();
  if (remainingMs <= 0) return TIMEOUT;
  const command = findCommand(request.command);
  if (command === undefined) return notFound(request.command);
  let child: Deno.ChildProcess;
  // Before it starts: who is interrupted in between leaves nobody behind.
  const ignoreInterrupts = whenInterrupted(() => killTree(child.pid));
  try {
    child = new Deno.Command(command, {
      args: [...request.args],
      env: { ...request.env },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      // On Unix a session and process group of its own.
      detached: !WINDOWS,
    }).spawn();
  } catch (error) {
    ignoreInterrupts();
    return isMissingProgram(error)
      ? notFound(request.command)
      : { kind: "failed", reason: "not-executable", message: "it cannot be executed" };
  }

  using limit = startTimer(remainingMs);
  const reader = child.stdout.getReader();
  const ended = child.status.catch(() => undefined);
  try {
    const finished = Promise.all([readAll(reader, request.maxOutputBytes), ended]);
    const tooMuch = finished.catch(() => "output-too-large" as const);
    const result = await Promise.race([tooMuch, limit.expired]);
    if (result === "timeout" || result === "output-too-large") {
      killTree(child.pid);
      await reader.cancel();
      using patience = startTimer(REAPED_AFTER_MS);
      await Promise.race([ended, patience.expired]);
      return result === "timeout" ? TIMEOUT : TOO_LARGE;
    }
    const [stdout, status] = result;
    return status === undefined ? STATUS_LOST : { kind: "exited", status: status.code, stdout };
  } finally {
    ignoreInterrupts();
  }
}

/** What is killed ends at once, unless it belongs to another user by now (setuid), or waits for a file server. */
const REAPED_AFTER_MS = 100;

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

/** Whoever started kuberlr ignores SIGCHLD, and the system forgets children that end. */
const STATUS_LOST: RunResult = {
  kind: "failed",
  reason: "status-lost",
  message: "nobody knows how it ended",
};

function notFound(command: string): RunResult {
  return { kind: "failed", reason: "not-found", message: `there is no executable "${command}"` };
}

/** @throws when there is more than `maxBytes` */
async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) throw new Error("too much output");
    parts.push(value);
  }
  return concatBytes(parts);
}

function startTimer(milliseconds: number) {
  const { promise: expired, resolve } = Promise.withResolvers<"timeout">();
  const timer = setTimeout(() => resolve("timeout"), milliseconds);
  return { expired, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** The program and whatever it has started that did not leave its group. */
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
    // Gone by itself, or without a group of its own.
    kill(pid);
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // Gone.
  }
}

/**
 * As Go's `exec.LookPath`: a bare name is looked for in the PATH of this process, whatever the plugin's own
 * environment says, and never in the current directory. Windows has its own rules, and Deno follows them.
 */
function findCommand(command: string): string | undefined {
  if (WINDOWS || command.includes("/")) return command;
  for (const folder of (readVariable("PATH") ?? "").split(":")) {
    if (!folder.startsWith("/")) continue;
    const path = `${folder}/${command}`;
    try {
      const { isFile, mode } = Deno.statSync(path);
      if (isFile && ((mode ?? 0) & 0o111) !== 0) return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
