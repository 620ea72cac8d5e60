/**
 * The mount options and free space of a file system: `statvfs` of Linux' libc.
 *
 * @module
 */
import type { Volume } from "../../ports/store.ts";
import { userId } from "./files.ts";
import { encodeBlock } from "../process/libc.ts";
import { withLibc } from "../process/rare_libc.ts";

const SYMBOLS = { statvfs: { parameters: ["buffer", "buffer"], result: "i32" } } as const;

const ST_RDONLY = 1;
const ST_NOEXEC = 8;

/**
 * The file system that a path is on; `undefined` where nobody tells: on other systems than Linux,
 * whose structures differ, without libc, and for a path that is not there.
 */
export function volumeOf(path: string): Volume | undefined {
  // C stops reading at a zero byte.
  if (Deno.build.os !== "linux" || path.includes("\0")) return undefined;
  // `struct statvfs` of glibc and musl with 64 bits: eleven words, then what is not needed here.
  const words = new BigUint64Array(32);
  const failed = withLibc(
    SYMBOLS,
    ({ statvfs }) => statvfs(encodeBlock([path]), new Uint8Array(words.buffer)) !== 0,
  );
  if (failed !== false) return undefined;
  const [, fragmentBytes, blocks, free, freeForUsers, , , , , flags] = words;
  const available = userId() === 0 ? free : freeForUsers;
  return {
    isReadOnly: (Number(flags) & ST_RDONLY) !== 0,
    isNoexec: (Number(flags) & ST_NOEXEC) !== 0,
    // File systems without blocks, as FUSE's may be, say nothing of their size.
    freeBytes: blocks === 0n ? Infinity : Number(fragmentBytes! * available!),
  };
}
