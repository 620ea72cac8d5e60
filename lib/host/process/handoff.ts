/**
 * Becoming kubectl: by `execve` where the system has it, else by running kubectl as a child and
 * answering for it.
 *
 * The environment is the one the kernel gave to kuberlr, byte for byte and in its order, without
 * later changes (Linux; elsewhere, and for a child, this process's own, put right), and
 * the counter of `wrapper_loop.ts` where it is needed: docs/dev/handoff.md says what leaks and why.
 *
 * Every kubectl command comes through here: no `node:` import, one dlopen, and what is rare is
 * imported when needed.
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
  /** argv[0] of the program. A child always gets its path. */
  readonly argv0: string;
  /** The last arguments of this process, or others. */
  readonly args: readonly string[];
  /**
   * The setting `HandOff`. Where there is no `execve`, or FFI is refused, `exec` falls back to
   * `spawn`.
   */
  readonly mode: "exec" | "spawn";
  /** Whether it is a kubectl for certain, which leads nowhere else: see wrapper_loop.ts. */
  readonly skipsLoopGuard: boolean;
}

/**
 * Never returns where the process is replaced. Where kubectl ran as a child: the status to exit
 * with; where a signal ended it, this process dies of the same, if it can.
 *
 * @throws KuberlrError when the program cannot be run, or leads back to kuberlr over and over.
 */
export async function handOff(to: HandOff): Promise<number> {
  const counter = counterFor(to);
  if (canReplace(to)) {
    if (startEnvironment() === undefined) await prepareEnvironment(counter);
    const image = imageOf(to, await encodeArguments(to), counter);
    (await import("./ignored_signals.ts")).ignoreAgain();
    for (let attempt = 1;; attempt++) {
      const errno = execute(image);
      if (errno === undefined) break;
      if (errno !== ETXTBSY || attempt === BUSY_ATTEMPTS) throw await explain(to.path, errno);
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
    // It failed, and will be counted where it is tried again.
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
  // Without a counter before and after, the environment is already right.
  const isRight = environment === undefined ||
    (counter === undefined && readVariable(LOOP_VARIABLE) === undefined);
  return {
    path,
    argv,
    environment: isRight ? environment : withVariable(environment, LOOP_VARIABLE, counter),
  };
}

/**
 * "Text file busy" lasts a moment where another kuberlr has just written the file and forked before
 * it closed it: its child holds the descriptor until its own exec (golang.org/issue/22315).
 */
const ETXTBSY = 26;
const BUSY_ATTEMPTS = 5;
const BUSY_PAUSE_MS = 20;

/** Where kubectl gets this process's environment and not a copy. */
async function prepareEnvironment(counter: string | undefined): Promise<void> {
  const { restoreEnvironment } = await import("./environment.ts");
  restoreEnvironment();
  writeCounter(counter);
}

/** Where Deno does not let it, nothing is counted: kubectl runs, and a loop goes on. */
function writeCounter(counter: string | undefined): void {
  try {
    if (counter === undefined) Deno.env.delete(LOOP_VARIABLE);
    else Deno.env.set(LOOP_VARIABLE, counter);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/** Deno replaces bytes that are not UTF-8 by U+FFFD; Linux still knows them. */
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

async function explain(path: string, errno: number): Promise<Error> {
  const { explainErrno } = await import("./handoff_failure.ts");
  return explainErrno(path, errno);
}
