/**
 * stdout and stderr. If the reader is gone or slow, kubectl must still run. But a script that
 * captures the output of a management command must not get half of it without an error.
 *
 * @module
 */
import type { Stream, Terminal } from "../ports/host.ts";
import { asHostError } from "./disk/files.ts";
import { readVariable } from "./process/libc.ts";

export function denoTerminal(): Terminal {
  return { stdout: stream(Deno.stdout, "stdout"), stderr: stream(Deno.stderr, undefined) };
}

/** The number of attempts to write to a full pipe that does not block. */
const MAX_ATTEMPTS = 1000;

const USUAL_COLUMNS = 80;

/** `name` is used in a {@linkcode HostError}; without a name, a failed write is ignored. */
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
        // A terminal without a known size reports 0, for example under `script`.
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

/** Returns true if the terminal shows escape sequences as text, as Emacs' shell does. */
function isDumb(): boolean {
  return readVariable("TERM") === "dumb";
}

/** Returns the reason for the failure; a closed pipe is not a failure. */
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
      // The pipe was made non-blocking by another process, and will have room again in a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return undefined;
}
