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

const SIGPIPE = 13;

/**
 * Returns only when it fails: errno, or `undefined` where libc cannot be called (no permission for FFI, no library of
 * a known name). Everything is as before then.
 */
export function execute({ path, argv, environment }: ProgramImage): number | undefined {
  const libc = openLibc();
  if (libc === undefined) return undefined;
  const file = new TextEncoder().encode(`${path}\0`);
  const args = pointersTo(argv);
  const variables = environment && pointersTo(environment);
  const { execv, execve, signal, errno } = libc.symbols;
  const disposition = signal(SIGPIPE, null);
  if (variables === undefined) execv(file, args);
  else execve(file, args, variables);
  // Nothing may come between the call and this line: errno is the thread's, and other calls set it.
  const number = new Deno.UnsafePointerView(errno()!).getInt32();
  signal(SIGPIPE, disposition);
  libc.close();
  return number;
}

/** glibc's and musl's, or macOS'. The process has it loaded already, so that no search finds another file. */
const LIBRARIES = Deno.build.os === "darwin"
  ? ["libSystem.B.dylib"]
  : ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];
const ERRNO = Deno.build.os === "darwin" ? "__error" : "__errno_location";

function openLibc() {
  // With a permission for some names only, Deno takes a bare name for a file of the working directory and loads that.
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  for (const library of LIBRARIES) {
    try {
      return Deno.dlopen(library, {
        execv: { parameters: ["buffer", "buffer"], result: "i32" },
        execve: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
        signal: { parameters: ["i32", "pointer"], result: "pointer" },
        errno: { name: ERRNO, parameters: [], result: "pointer" },
      });
    } catch {
      // Another libc, then.
    }
  }
  return undefined;
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
