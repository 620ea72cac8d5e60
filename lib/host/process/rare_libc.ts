/**
 * Functions of libc that few commands need. They are opened for one call and closed again, because
 * opening them with the others (libc.ts) would cost every command time.
 *
 * @module
 */
import { encodeBlock, LIBRARIES, mayCallLibc } from "./libc.ts";

/** Returns the result of the call; `undefined` if libc cannot be called. */
export function withLibc<Symbols extends Deno.ForeignLibraryInterface, Value>(
  symbols: Symbols,
  call: (libc: Deno.DynamicLibrary<Symbols>["symbols"]) => Value,
): Value | undefined {
  if (!mayCallLibc()) return undefined;
  for (const library of LIBRARIES) {
    let libc: Deno.DynamicLibrary<Symbols>;
    try {
      libc = Deno.dlopen(library, symbols);
    } catch {
      continue; // Another libc, then.
    }
    try {
      return call(libc.symbols);
    } finally {
      libc.close();
    }
  }
  return undefined;
}

const ACCESS = { access: { parameters: ["buffer", "i32"], result: "i32" } } as const;
const W_OK_AND_X_OK = 2 | 1;

/**
 * Returns true if `access` allows writing to a folder, which it denies on a read-only file system;
 * `undefined` if libc cannot be called.
 */
export function mayMakeFiles(path: string): boolean | undefined {
  // C would stop reading at a zero byte.
  if (path.includes("\0")) return undefined;
  return withLibc(ACCESS, ({ access }) => access(encodeBlock([path]), W_OK_AND_X_OK) === 0);
}
