/**
 * The stderr of a program whose words are held back for a while.
 *
 * On Unix it is a file and not a pipe: what the program leaves running in the background (a
 * browser) goes on writing when this process has become kubectl, and a broken pipe must not kill
 * it.
 *
 * @module
 */
import { every } from "../timers.ts";
import { removeWhenInterrupted } from "./interrupts.ts";

export interface HeldStderr {
  /** For `Deno.Command`: how the program has to be started. */
  readonly command: string;
  readonly args: readonly string[];
  readonly stdio: "null" | "piped";
  /** Takes over the pipe, where `stdio` asks for one. */
  attach(child: Deno.ChildProcess): void;
  /** Shows what there is from now on; what was held back comes first, and may be nothing. */
  reveal(show: (text: string) => void): void;
  /** Shows the rest, if anything was revealed, and lets go. */
  close(): void;
}

/** `command` and `args` are the program's own. */
export function holdStderr(command: string, args: readonly string[]): HeldStderr {
  const file = Deno.build.os === "windows" ? undefined : makeFile();
  return file === undefined ? pipedStderr(command, args) : fileStderr(file, command, args);
}

/** The same for stderr that nothing is kept of. */
export function dropStderr(command: string, args: readonly string[]): HeldStderr {
  return { command, args, stdio: "null", attach() {}, reveal() {}, close() {} };
}

const POLL_MS = 100;
/** Of what is held back, so much of the end is kept. */
const MOST_HELD_BYTES = 64 * 1024;
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
    // `exec` keeps the process: its number, its signals and its exit status are the program's.
    command: SHELL,
    args: ["-c", 'exec "$@" 2>>"$0"', path, command, ...args],
    stdio: "null",
    attach() {},
    reveal(show) {
      const { size } = reader.statSync();
      if (size > MOST_HELD_BYTES) reader.seekSync(-MOST_HELD_BYTES, Deno.SeekMode.End);
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
        // Gone.
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
    held = (held + text).slice(-MOST_HELD_BYTES);
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
        // Closed, or cut.
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

/** Returns `undefined` where no file can be made, or no shell would write to it. */
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
    // No shell, no temporary folder, or a full one.
  }
  return undefined;
}
