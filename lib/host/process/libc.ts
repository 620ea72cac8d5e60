/**
 * libc, called through FFI: `execve`, which Deno does not have, and `statx`, because Deno's first
 * `stat` is too slow for a repeated command, and throws for a missing file.
 *
 * @module
 */
import { kindOf } from "../../files/kind.ts";
import type { FileStat } from "../../ports/files.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { stringOffsets } from "../../encoding/c_strings.ts";
import { KEPT_VARIABLE_LIST, restoreKept } from "../../handoff/kept_variables.ts";

/** A program that replaces this one. */
export interface ProgramImage {
  readonly path: string;
  /** A block, `argv[0]` first. */
  readonly argv: Uint8Array;
  /** A block; `undefined` for the environment that libc has at this moment. */
  readonly environment: Uint8Array | undefined;
}

/**
 * Replaces this process by another program. Process id, working directory, terminal, descriptors,
 * limits, blocked and ignored signals stay as they are; the kernel closes what Deno has opened
 * (CLOEXEC). Only SIGPIPE has to be restored: Rust's runtime ignores it at its start, and its
 * former state is unknown.
 *
 * Returns only if it fails: errno, or `undefined` if libc cannot be called. Everything is restored
 * then.
 */
export function execute({ path, argv, environment }: ProgramImage): number | undefined {
  const libc = openLibc();
  if (libc === undefined) return undefined;
  const { lastError } = libc;
  const file = encodeBlock([path]);
  const { memory, secondTable } = layOut(environment ? [argv, environment] : [argv]);
  const disposition = libc.signal(SIGPIPE, null);
  if (secondTable === undefined) libc.execv(file, memory, NOTHING);
  else libc.execve(file, memory, secondTable);
  // Nothing may be allocated in between (for example by a destructuring's iterator), because V8 may
  // then wait for a lock, and reads the processor's frequency the first time from a file that may
  // be missing.
  const errno = lastError[0];
  libc.signal(SIGPIPE, disposition);
  return errno;
}

/**
 * Returns the path by which this process was executed, links included (AT_EXECFN of getauxval(3)).
 * Linux only; `undefined` if libc cannot be called.
 */
export function readExecutedPath(): string | undefined {
  const libc = openLibc();
  const address = libc?.getauxval?.(AT_EXECFN);
  if (address === undefined || address === null) return undefined;
  return Deno.UnsafePointerView.getCString(address);
}

/** Tells whether a symbolic link is followed or looked at itself. */
export type Links = "follow" | "leave";

/**
 * Returns the result of Deno's `stat` or `lstat`, or that no such file exists. `undefined` for
 * every other failure, whose reason Deno must be asked for.
 */
export function statFast(path: string, links: Links): FileStat | "absent" | undefined {
  const libc = openLibc();
  // C stops reading at a zero byte.
  if (libc === undefined || libc.statx === null || path.includes("\0")) return undefined;
  const { statx, lastError } = libc;
  const flags = links === "leave" ? AT_SYMLINK_NOFOLLOW : 0;
  if (statx(AT_FDCWD, encodeBlock([path]), flags, STATX_BASIC_STATS, words) !== 0) {
    return lastError[0] === ENOENT ? "absent" : undefined;
  }
  const mode = words[7]! & 0xffff;
  const [major, minor] = [words[34]!, words[35]!];
  return {
    kind: kindOf(mode),
    mode: mode & 0o7777,
    uid: words[5]!,
    // Unsigned: some file systems use all 64 bits.
    ino: words[8]! + words[9]! * 2 ** 32,
    size: Number(longs[5]),
    // Seconds, then nanoseconds.
    ctimeMs: Number(longs[12]) * 1000 + Math.floor(words[26]! / 1e6),
    mtimeMs: Number(longs[14]) * 1000 + Math.floor(words[30]! / 1e6),
    // Combined as by glibc's `makedev`, so that it equals the number that other calls return.
    dev: (minor & 0xff) + (major & 0xfff) * 2 ** 8 + (minor >>> 8) * 2 ** 20 +
      (major >>> 12) * 2 ** 44,
  };
}

let environment: Uint8Array | undefined;

/**
 * Returns the environment that the kernel gave to this process, as a block, without the launcher's
 * own changes; `undefined` if /proc cannot be read.
 */
export function startEnvironment(): Uint8Array | undefined {
  if (environment === undefined && Deno.build.os === "linux") {
    try {
      const block = Deno.readFileSync("/proc/self/environ");
      // An empty file may also mean that it is hidden.
      if (block.length > 0) environment = hasKeptVariables() ? restoreKept(block) : block;
    } catch {
      // There is no permission, or no /proc.
    }
  }
  return environment;
}

/** Tells whether the launcher has put variables under other names. */
export function hasKeptVariables(): boolean {
  try {
    return Deno.env.has(KEPT_VARIABLE_LIST);
  } catch {
    return false; // Deno may not read it.
  }
}

/**
 * Returns a variable of this process. In a value that is not UTF-8, U+FFFD replaces the odd bytes,
 * so that it does not name an existing file, and still counts as set. `undefined` also if Deno may
 * not read it.
 */
export function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.InvalidData)) return undefined;
  }
  const entries = new TextDecoder().decode(startEnvironment()).split("\0");
  return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? "\uFFFD";
}

/**
 * If only some names are permitted, Deno treats a bare name as a file of the working directory and
 * would load that. Asking takes time, and is not needed if /proc has given the environment, for
 * which every permission is required.
 */
export function mayCallLibc(): boolean {
  if (startEnvironment() !== undefined) return true;
  if (Deno.build.os === "windows") return false;
  const { state, partial } = Deno.permissions.querySync({ name: "ffi" });
  return state === "granted" && !partial;
}

/** Returns the block of these strings; there is at least one. */
export function encodeBlock(strings: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${strings.join("\0")}\0`);
}

/**
 * Returns a `char *[]` for each block, ended by a null pointer, with the strings behind them in the
 * same memory, so that all of it lives equally long. The first table is at the start of the memory.
 */
function layOut(blocks: readonly Uint8Array[]) {
  const starts = blocks.map(stringOffsets);
  const tableBytes = (starts.flat().length + blocks.length) * WORD;
  const memory = concatBytes([new Uint8Array(tableBytes), ...blocks]);
  const pointers = new BigUint64Array(memory.buffer, 0, tableBytes / WORD);
  const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
  let word = 0;
  let offset = tableBytes;
  let secondTable: BigUint64Array<ArrayBuffer> | undefined;
  for (const [index, block] of blocks.entries()) {
    if (index === 1) secondTable = BigUint64Array.of(base + BigInt(word * WORD));
    for (const start of starts[index]!) pointers[word++] = base + BigInt(offset + start);
    word++;
    offset += block.length;
  }
  return { memory, secondTable };
}

const WORD = BigUint64Array.BYTES_PER_ELEMENT;

const ENOENT = 2;
const AT_EXECFN = new Uint8Array(BigUint64Array.of(31n).buffer);
const AT_FDCWD = toInt(-100);
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;

/** `struct statx`, which is the same on every architecture, in words of 32 and of 64 bits. */
const words = new Uint32Array(64);
const longs = new BigInt64Array(words.buffer);

interface Libc extends Calls {
  /** Returns errno. It must be read before the next call, and before anything is allocated. */
  readonly lastError: Int32Array;
}

type Calls = Omit<Deno.DynamicLibrary<typeof SYMBOLS>["symbols"], "errno">;

let opened: Libc | "not tried" | undefined = "not tried";

/**
 * Returns libc, which stays open; `undefined` if it cannot be called: FFI is not permitted, or the
 * library has an unknown name.
 */
function openLibc(): Libc | undefined {
  if (opened === "not tried") opened = findLibc();
  return opened;
}

function findLibc(): Libc | undefined {
  if (!mayCallLibc()) return undefined;
  for (const library of LIBRARIES) {
    try {
      const { errno, ...calls } = Deno.dlopen(library, SYMBOLS).symbols;
      const address = errno(NOTHING)!;
      return {
        ...calls,
        lastError: new Int32Array(Deno.UnsafePointerView.getArrayBuffer(address, 4)),
      };
    } catch {
      // This is another libc.
    }
  }
  return undefined;
}

/**
 * Names of glibc and musl that the process has loaded already, so that no search finds another
 * file. macOS compares whole paths, and would search the working directory for a bare name.
 */
export const LIBRARIES = Deno.build.os === "darwin"
  ? ["/usr/lib/libSystem.B.dylib"]
  : ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

/**
 * `int`, as a structure. For a function with plain parameters, Deno compiles machine code to call
 * it fast, which takes longer than our calls. It does not do so for a structure. A structure with
 * one number or pointer is passed like the number or pointer itself (System V, AAPCS64).
 */
const INT = { struct: ["i32"] } as const;
const POINTER = { struct: ["u64"] } as const;
const LONG = { struct: ["u64"] } as const;

const SYMBOLS = {
  execve: { parameters: ["buffer", "buffer", POINTER], result: "void" },
  // These two ignore their last argument, which is there for its type.
  execv: { parameters: ["buffer", "buffer", INT], result: "void" },
  errno: {
    name: Deno.build.os === "darwin" ? "__error" : "__errno_location",
    parameters: [INT],
    result: "pointer",
  },
  signal: { parameters: [INT, "pointer"], result: "pointer" },
  getauxval: {
    parameters: [LONG],
    result: "pointer",
    optional: true, // not on macOS
  },
  statx: {
    parameters: [INT, "buffer", "i32", "u32", "buffer"],
    result: "i32",
    optional: true, // musl before 1.2.5, and macOS
  },
} as const;

/** An `int` as {@linkcode INT} has it. */
function toInt(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Int32Array.of(value).buffer);
}

const NOTHING = toInt(0);
const SIGPIPE = toInt(13);
