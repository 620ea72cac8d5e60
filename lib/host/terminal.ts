/**
 * stdout and stderr. Writing never fails: who reads them may have gone, or be slow, and kubectl has to run all the same.
 *
 * @module
 */
import type { Stream, Terminal } from "../host.ts";

export function denoTerminal(): Terminal {
  return { stdout: stream(Deno.stdout), stderr: stream(Deno.stderr) };
}

/** How often a full pipe whose other end does not block is tried again. */
const MAX_ATTEMPTS = 1000;

function stream(target: typeof Deno.stdout): Stream {
  let terminal: boolean | undefined;
  const isTerminal = () => terminal ??= target.isTerminal();
  return {
    get isTerminal() {
      return isTerminal();
    },
    columns() {
      if (!isTerminal()) return undefined;
      try {
        return Deno.consoleSize().columns;
      } catch {
        return undefined;
      }
    },
    write(text) {
      writeAll(target, new TextEncoder().encode(text));
    },
  };
}

function writeAll(target: typeof Deno.stdout, bytes: Uint8Array): void {
  let done = 0;
  for (let attempt = 0; done < bytes.length && attempt < MAX_ATTEMPTS; attempt++) {
    try {
      const count = target.writeSync(bytes.subarray(done));
      if (count > 0) attempt = 0;
      done += count;
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) return;
      // A pipe that somebody made non-blocking: a moment, and it has room again.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
