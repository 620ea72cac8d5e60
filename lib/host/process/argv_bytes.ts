/**
 * Reads the arguments as bytes from Linux' /proc, because Deno's strings lose bytes that are not
 * UTF-8. A compiled kuberlr never does this: with such an argument, its runtime ends before our
 * code runs.
 *
 * @module
 */
import { splitBlock } from "../../encoding/c_strings.ts";

/**
 * Returns the bytes of `args` as they were typed, each with its zero byte; `undefined` if they are
 * not this process's last arguments, or if nothing can be read.
 */
export function readRawArguments(args: readonly string[]): readonly Uint8Array[] | undefined {
  const raw = readCommandLine()?.slice(-args.length);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const same = raw?.length === args.length &&
    raw.every((bytes, index) => decoder.decode(bytes.subarray(0, -1)) === args[index]);
  return same ? raw : undefined;
}

function readCommandLine(): readonly Uint8Array[] | undefined {
  try {
    return splitBlock(Deno.readFileSync("/proc/self/cmdline"));
  } catch {
    return undefined;
  }
}
