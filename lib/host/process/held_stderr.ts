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
/** A larger file is emptied after it was read, and no more than this is read at once. */
const MAX_FILE_BYTES = 1024 * 1024;
const SHELL = "/bin/sh";

function fileStderr(
  { path, file, forget }: TemporaryFile,
  command: string,
  args: readonly string[],
): HeldStderr {
  const decoder = new TextDecoder();
  let position = 0;
  const read = (maxBytes: number) => {
    const { size } = file.statSync();
    const bytes = new Uint8Array(Math.min(Math.max(0, size - position), maxBytes));
    file.seekSync(size - bytes.length, Deno.SeekMode.Start);
    const count = file.readSync(bytes) ?? 0;
    position = size;
    if (size > MAX_FILE_BYTES) {
      // The program appends, so it goes on at the new end.
      file.truncateSync();
      position = 0;
    }
    return decoder.decode(bytes.subarray(0, count), { stream: true });
  };
  let held = "";
  let take = () => {
    held = (held + read(MAX_HELD_BYTES)).slice(-MAX_HELD_BYTES);
  };
  let timer: Disposable | undefined;
  return {
    // `exec` keeps the process: its number, signals and exit status are the program's.
    command: SHELL,
    args: ["-c", 'exec "$@" 2>>"$0"', path, command, ...args],
    stdio: "null",
    attach() {
      timer = every(POLL_MS, () => take());
    },
    reveal(show) {
      take();
      show(held);
      take = () => {
        const text = read(MAX_FILE_BYTES);
        if (text !== "") show(text);
      };
    },
    close() {
      timer?.[Symbol.dispose]();
      take();
      file.close();
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
  readonly file: Deno.FsFile;
  readonly forget: () => void;
}

const NEW_FILE = { read: true, write: true, createNew: true, mode: 0o600 };

/** Returns `undefined` if no file can be made, or if there is no shell to write to it. */
function makeFile(): TemporaryFile | undefined {
  try {
    Deno.statSync(SHELL);
    const path = Deno.makeTempFileSync({ prefix: "kuberlr-" });
    const forget = removeWhenInterrupted(path);
    try {
      // It is made anew, so that it cannot be a link that another user has put there.
      Deno.removeSync(path);
      return { path, file: Deno.openSync(path, NEW_FILE), forget };
    } catch {
      forget();
    }
  } catch {
    // There is no shell or no temporary folder, or it is full.
  }
  return undefined;
}
