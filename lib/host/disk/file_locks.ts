/**
 * Kernel locks on open files, without waiting. Newer Denos than 2.6 have these as `tryLockSync`; in
 * older ones, libc's `flock` is called, which Deno calls as well.
 *
 * @module
 */
import { encodeBlock } from "../process/libc.ts";
import { withLibc } from "../process/rare_libc.ts";

export interface FileLock {
  /** Closing the file releases Deno's lock as well, but libc's lock has a descriptor of its own. */
  release(): void;
}

/**
 * `path` is the path of `file`. `refused`: the file system has no locks, or there is no way to ask.
 */
export function tryLockFile(file: Deno.FsFile, path: string): FileLock | "held" | "refused" {
  // The types promise this method, but Deno 2.6 does not have it.
  const { tryLockSync } = file as Partial<Deno.FsFile>;
  if (tryLockSync === undefined) return tryFlock(path);
  try {
    return tryLockSync.call(file, true) ? { release: () => {} } : "held";
  } catch {
    return "refused";
  }
}

const DARWIN = Deno.build.os === "darwin";
const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  errno: {
    name: DARWIN ? "__error" : "__errno_location",
    parameters: [],
    result: "pointer",
  },
} as const;
const O_RDWR_CLOEXEC = 2 | (DARWIN ? 0x1000000 : 0x80000);
const LOCK_EX_NB = 2 | 4;
const EWOULDBLOCK = DARWIN ? 35 : 11;

function tryFlock(path: string): FileLock | "held" | "refused" {
  return withLibc(SYMBOLS, ({ open, flock, close, errno }) => {
    const descriptor = open(encodeBlock([path]), O_RDWR_CLOEXEC);
    if (descriptor < 0) return "refused";
    const failed = flock(descriptor, LOCK_EX_NB) !== 0;
    // This comes before any other call, which would overwrite errno.
    const address = failed ? errno() : null;
    const number = address === null ? 0 : new Deno.UnsafePointerView(address).getInt32();
    if (!failed) {
      return { release: () => void withLibc(SYMBOLS, (libc) => libc.close(descriptor)) };
    }
    close(descriptor);
    return number === EWOULDBLOCK ? "held" : "refused";
  }) ?? "refused";
}
