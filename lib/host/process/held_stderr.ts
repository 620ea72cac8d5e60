/**
 * Holds back the stderr of a program for a while.
 *
 * On Unix it is a file and not a pipe. The program may leave something running in the background (a
 * browser) that goes on writing when this process has become kubectl, and a broken pipe would kill
 * it.
 *
 * @module
 */
import { every } from "../timers.ts";
import { removeWhenInterrupted } from "./interrupts.ts";

export interface HeldStderr {
  /** The way to start the program, for `Deno.Command`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly stdio: "null" | "piped";
  /** Takes over the pipe, if `stdio` asks for one. */
  attach(child: Deno.ChildProcess): void;
  /** Shows the text from now on, beginning with what was held back, if anything. */
  reveal(show: (text: string) => void): void;
  /** Shows the rest, if anything was shown before, and closes. */
  close(): void;
}

/** `command` and `args` are the program's own. */
export function holdStderr(command: string, args: readonly string[]): HeldStderr {
  const file = Deno.build.os === "windows" ? undefined : makeFile();
  return file === undefined ? pipedStderr(command, args) : fileStderr(file, command, args);
}

/** Returns the way to start the program with its stderr discarded. */
export function dropStderr(command: string, args: readonly string[]): HeldStderr {
  return { command, args, stdio: "null", attach() {}, reveal() {}, close() {} };
}

const POLL_MS = 100;
/** The number of bytes that are kept of the end of the held-back text. */
const MAX_HELD_BYTES = 64 * 1024;
const SHELL = "/bin/sh";

function fileStderr(
  { path, reader, forget }: TemporaryFile,
  command: string,
  args: readonly string[],
): HeldStderr {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let timer: Disposable | undefined;
  let drain = () => {};
  return {
    // `exec` keeps the process: its number, signals and exit status are the program's.
    command: SHELL,
    args: ["-c", 'exec "$@" 2>>"$0"', path, command, ...args],
    stdio: "null",
    attach() {},
    reveal(show) {
      const { size } = reader.statSync();
      if (size > MAX_HELD_BYTES) reader.seekSync(-MAX_HELD_BYTES, Deno.SeekMode.End);
      drain = () => {
        for (let count; (count = reader.readSync(buffer)) !== null;) {
          show(decoder.decode(buffer.subarray(0, count), { stream: true }));
        }
      };
      show("");
      drain();
      timer = every(POLL_MS, drain);
    },
    close() {
      timer?.[Symbol.dispose]();
      drain();
      reader.close();
      try {
        Deno.removeSync(path);
      } catch {
        // It is gone already.
      }
      forget();
    },
  };
}

function pipedStderr(command: string, args: readonly string[]): HeldStderr {
  const decoder = new TextDecoder();
  let held = "";
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let take = (text: string) => {
    held = (held + text).slice(-MAX_HELD_BYTES);
  };
  return {
    command,
    args,
    stdio: "piped",
    async attach(child) {
      reader = child.stderr.getReader();
      try {
        for (let part; !(part = await reader.read()).done;) {
          take(decoder.decode(part.value, { stream: true }));
        }
      } catch {
        // The pipe is closed or broken.
      }
    },
    reveal(show) {
      show(held);
      held = "";
      take = show;
    },
    close() {
      reader?.cancel().catch(() => {});
    },
  };
}

interface TemporaryFile {
  readonly path: string;
  readonly reader: Deno.FsFile;
  readonly forget: () => void;
}

/** Returns `undefined` if no file can be made, or if there is no shell to write to it. */
function makeFile(): TemporaryFile | undefined {
  try {
    Deno.statSync(SHELL);
    const path = Deno.makeTempFileSync({ prefix: "kuberlr-" });
    const forget = removeWhenInterrupted(path);
    try {
      return { path, reader: Deno.openSync(path), forget };
    } catch {
      Deno.removeSync(path);
      forget();
    }
  } catch {
    // There is no shell or no temporary folder, or it is full.
  }
  return undefined;
}
