/**
 * The kind of a file by its mode.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";

/** Returns the kind by the bits of `S_IFMT` in the `st_mode` of `stat`. */
export function kindOf(mode: number): FileStat["kind"] {
  return KINDS[mode >> 12] ?? "other";
}

const KINDS: Readonly<Record<number, FileStat["kind"]>> = { 4: "directory", 8: "file", 10: "link" };
