/**
 * stdout and stderr. Who reads them may have gone, or be slow, and kubectl has to run all the same.
 * But a script that keeps what a management command says must not take half of it for all.
 *
 * @module
 */
import type { Stream, Terminal } from "../ports/host.ts";
import { asHostError } from "./disk/files.ts";
import { readVariable } from "./process/libc.ts";

export function denoTerminal(): Terminal {
  return { stdout: stream(Deno.stdout, "stdout"), stderr: stream(Deno.stderr, undefined) };
}

/** How often a full pipe whose other end does not block is tried again. */
const MAX_ATTEMPTS = 1000;

const USUAL_COLUMNS = 80;

/** `name`: what a {@linkcode HostError} calls it; without one, what cannot be written is lost. */
function stream(target: typeof Deno.stdout, name: string | undefined): Stream {
  let terminal: boolean | undefined;
  const isTerminal = () => terminal ??= target.isTerminal();
  return {
    get isTerminal() {
      return isTerminal() && !isDumb();
    },
    get isDumb() {
      return isTerminal() && isDumb();
    },
    columns() {
      if (!isTerminal()) return undefined;
      try {
        // A terminal that was not told its size, as of `script` without one, has 0.
        return Deno.consoleSize().columns || USUAL_COLUMNS;
      } catch {
        return undefined;
      }
    },
    write(text) {
      const failure = writeAll(target, new TextEncoder().encode(text));
      if (failure === undefined || name === undefined) return;
      asHostError(name, () => {
        throw failure;
      });
    },
  };
}

/** Emacs' shell is one: escape sequences are shown there as text. */
function isDumb(): boolean {
  return readVariable("TERM") === "dumb";
}

/** The reason for the failure; a closed pipe is not one. */
function writeAll(target: typeof Deno.stdout, bytes: Uint8Array): unknown {
  let done = 0;
  for (let attempt = 0; done < bytes.length && attempt < MAX_ATTEMPTS; attempt++) {
    try {
      const count = target.writeSync(bytes.subarray(done));
      if (count > 0) attempt = 0;
      done += count;
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return undefined;
      if (!(error instanceof Deno.errors.WouldBlock)) return error;
      // A pipe that somebody made non-blocking: a moment, and it has room again.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return undefined;
}
