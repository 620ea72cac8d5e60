/**
 * Hands over to kubectl: by `execve` where the system has it; otherwise kubectl runs as a child,
 * and its status is returned.
 *
 * kubectl gets the environment that the kernel gave to kuberlr, byte for byte and in its order
 * (Linux; elsewhere, and for a child, this process's own, restored), with the counter of
 * `wrapper_loop.ts` where it is needed. docs/dev/handoff.md lists the differences.
 *
 * Every kubectl command runs this code: there is no `node:` import and one dlopen, and rarely used
 * code is imported when it is needed.
 *
 * @module
 */
import { concatBytes } from "../../encoding/bytes.ts";
import { withVariable } from "../../encoding/c_strings.ts";
import { KuberlrError } from "../../errors.ts";
import { countHandOff, LOOP_VARIABLE } from "../../handoff/wrapper_loop.ts";
import {
  encodeBlock,
  execute,
  hasKeptVariables,
  type ProgramImage,
  readVariable,
  startEnvironment,
} from "./libc.ts";
import { removeNodeShim } from "./node_shim.ts";

export interface HandOff {
  readonly path: string;
  /** argv[0] of the program. A child always gets its path instead. */
  readonly argv0: string;
  /** Usually the last arguments of this process. */
  readonly args: readonly string[];
  /**
   * The setting `HandOff`. Without `execve`, or if FFI is refused, `exec` falls back to `spawn`.
   */
  readonly mode: "exec" | "spawn";
  /**
   * Tells whether the path is certainly a kubectl, which cannot lead back to kuberlr: see
   * wrapper_loop.ts.
   */
  readonly skipsLoopGuard: boolean;
}

/**
 * Does not return if the process is replaced. If kubectl ran as a child, it returns the status to
 * exit with; if a signal ended the child, this process ends by the same signal, if it can.
 *
 * @throws {KuberlrError} the program cannot be run, or leads back to kuberlr again and again
 */
export async function handOff(to: HandOff): Promise<number> {
  const counter = counterFor(to);
  (await import("./ignored_signals.ts")).ignoreAgain();
  if (canReplace(to)) {
    if (startEnvironment() === undefined) await prepareEnvironment(counter);
    const image = imageOf(to, await encodeArguments(to), counter);
    for (let attempt = 1;; attempt++) {
      const errno = execute(image);
      if (errno === undefined) break;
      if (errno !== ETXTBSY || attempt === BUSY_ATTEMPTS) throw await toError(to.path, errno);
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
  await prepareEnvironment(counter);
  const { runAsChild } = await import("./handoff_spawn.ts");
  return await runAsChild(to.path, to.args);
}

/**
 * The hand-off of a repeated command: synchronous and silent. It returns if it does not succeed;
 * {@linkcode handOff} then tries again, and reports a failure.
 */
export function tryHandOff(to: HandOff): void {
  if (!canReplace(to) || areDistorted(to.args)) return;
  const hasEnvironment = startEnvironment() !== undefined;
  if (!hasEnvironment) {
    // macOS keeps no copy of the environment that kuberlr was started with, so the current one must
    // still be equal to it: see environment.ts.
    if (hasKeptVariables()) return;
    removeNodeShim();
  }
  try {
    const counter = counterFor(to);
    const inherited = hasEnvironment ? undefined : readVariable(LOOP_VARIABLE);
    if (!hasEnvironment) writeCounter(counter);
    execute(imageOf(to, encodeBlock([to.argv0, ...to.args]), counter));
    // It has failed. The next attempt counts again.
    if (!hasEnvironment) writeCounter(inherited);
  } catch (error) {
    if (!(error instanceof KuberlrError)) throw error;
  }
}

function canReplace({ mode }: HandOff): boolean {
  return mode === "exec" && Deno.build.os !== "windows";
}

function counterFor({ path, skipsLoopGuard }: HandOff): string | undefined {
  return skipsLoopGuard ? undefined : countHandOff(path, readVariable(LOOP_VARIABLE), Date.now());
}

function imageOf(
  { path }: HandOff,
  argv: Uint8Array,
  counter: string | undefined,
): ProgramImage {
  const environment = startEnvironment();
  // Without a counter before and after, the environment is already correct.
  const isRight = environment === undefined ||
    (counter === undefined && readVariable(LOOP_VARIABLE) === undefined);
  return {
    path,
    argv,
    environment: isRight ? environment : withVariable(environment, LOOP_VARIABLE, counter),
  };
}

/**
 * "Text file busy" passes in a moment: another kuberlr has just written the file and forked before
 * it closed it, and its child keeps the descriptor until its own exec (golang.org/issue/22315).
 */
const ETXTBSY = 26;
const BUSY_ATTEMPTS = 5;
const BUSY_PAUSE_MS = 20;

/** Prepares this process's environment, which kubectl inherits where it does not get a copy. */
async function prepareEnvironment(counter: string | undefined): Promise<void> {
  const { restoreEnvironment } = await import("./environment.ts");
  restoreEnvironment();
  writeCounter(counter);
}

/** Sets the counter. If Deno may not do that, kubectl still runs, and a loop is not detected. */
function writeCounter(counter: string | undefined): void {
  try {
    if (counter === undefined) Deno.env.delete(LOOP_VARIABLE);
    else Deno.env.set(LOOP_VARIABLE, counter);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/** Deno replaces bytes that are not UTF-8 by U+FFFD; Linux still has the bytes. */
function areDistorted(args: readonly string[]): boolean {
  return Deno.build.os === "linux" && args.join().includes("\uFFFD");
}

async function encodeArguments({ argv0, args }: HandOff): Promise<Uint8Array> {
  if (areDistorted(args)) {
    const { readRawArguments } = await import("./argv_bytes.ts");
    const raw = readRawArguments(args);
    if (raw !== undefined) return concatBytes([encodeBlock([argv0]), ...raw]);
  }
  return encodeBlock([argv0, ...args]);
}

async function toError(path: string, errno: number): Promise<Error> {
  const { explainErrno } = await import("./handoff_failure.ts");
  return explainErrno(path, errno);
}
