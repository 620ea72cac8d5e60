/**
 * Replaces this process by another program: libc's `execve`, called through FFI, as Deno has none of its own. Process
 * id, working directory, terminal, descriptors, limits, blocked and ignored signals stay as they are; what Deno itself
 * opened is closed by the kernel (CLOEXEC). Only SIGPIPE has to be put back: Rust's runtime ignores it at its start
 * and nobody can tell what it was before.
 *
 * @module
 */
import { sizeOf } from "../c_strings.ts";

export interface ProgramImage {
  readonly path: string;
  /** Each with its zero byte, `argv[0]` first. */
  readonly argv: readonly Uint8Array[];
  /** Each with its zero byte; `undefined`: what libc has at this moment. */
  readonly environment: readonly Uint8Array[] | undefined;
}

/**
 * `int`. Deno compiles machine code for every function that it could call fast, which takes longer than these calls
 * do; with a structure in its signature it calls a function as it is. A structure of one `int` is passed and returned
 * as that `int` is (System V, AAPCS64).
 */
const INT = { struct: ["i32"] } as const;

const SIGPIPE = new Uint8Array(Int32Array.of(13).buffer);

/**
 * Returns only when it fails: errno, or `undefined` where libc cannot be called (no permission for FFI, no library of
 * a known name). Everything is as before then.
 */
export function execute(image: ProgramImage): number | undefined {
  if (!mayCallLibc(image)) return undefined;
  const exec = execOf(image);
  const call = callOf(image);
  for (const library of LIBRARIES) {
    const libc = open(() => Deno.dlopen(library, { exec, signal: SIGNAL }));
    if (libc === undefined) continue;
    call(libc.symbols);
    libc.close();
    // It failed. The number is asked for by failing again: one symbol less for every command that does not fail.
    const again = Deno.dlopen(library, { exec, signal: SIGNAL, errno: ERRNO });
    call(again.symbols);
    // Nothing may come between the call and this line: errno is the thread's, and other calls set it.
    const errno = new Deno.UnsafePointerView(again.symbols.errno()!).getInt32();
    again.close();
    return errno;
  }
  return undefined;
}

/**
 * With a permission for some names only, Deno takes a bare name for a file of the working directory and loads that.
 * Asking costs; but who was let read the environment from /proc has all permissions.
 */
function mayCallLibc({ environment }: ProgramImage): boolean {
  return environment !== undefined ||
    Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

/** glibc's and musl's, or macOS'. The process has it loaded already, so that no search finds another file. */
const LIBRARIES = Deno.build.os === "darwin"
  ? ["libSystem.B.dylib"]
  : ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

const SIGNAL = { parameters: [INT, "pointer"], result: "pointer" } as const;
const ERRNO = {
  name: Deno.build.os === "darwin" ? "__error" : "__errno_location",
  parameters: [],
  result: "pointer",
} as const;

/** `execv` where the environment is libc's own: it does not look at the third argument. */
function execOf({ environment }: ProgramImage) {
  return {
    name: environment === undefined ? "execv" : "execve",
    parameters: ["buffer", "buffer", "buffer"],
    result: INT,
  } as const;
}

type Libc = Deno.DynamicLibrary<{
  readonly exec: ReturnType<typeof execOf>;
  readonly signal: typeof SIGNAL;
}>["symbols"];

function callOf({ path, argv, environment }: ProgramImage): (libc: Libc) => void {
  const file = new TextEncoder().encode(`${path}\0`);
  const args = pointersTo(argv);
  const variables = pointersTo(environment ?? []);
  return ({ exec, signal }) => {
    const disposition = signal(SIGPIPE, null);
    exec(file, args, variables);
    signal(SIGPIPE, disposition);
  };
}

function open<Library>(dlopen: () => Library): Library | undefined {
  try {
    return dlopen();
  } catch {
    return undefined; // Another libc, then.
  }
}

/** A `char *[]` ended by a null pointer, with the strings behind it in the same memory, so that both live as long. */
function pointersTo(strings: readonly Uint8Array[]): BigUint64Array<ArrayBuffer> {
  const tableSize = (strings.length + 1) * BigUint64Array.BYTES_PER_ELEMENT;
  const memory = new Uint8Array(tableSize + sizeOf(strings));
  const pointers = new BigUint64Array(memory.buffer, 0, strings.length + 1);
  const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
  let offset = tableSize;
  strings.forEach((string, index) => {
    memory.set(string, offset);
    pointers[index] = base + BigInt(offset);
    offset += string.length;
  });
  return pointers;
}
