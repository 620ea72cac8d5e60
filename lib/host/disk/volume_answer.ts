/**
 * The layout of the systems' answers about a file system: the function of libc, and the offsets of
 * the figures in its structure.
 *
 * @module
 */
import type { Platform } from "../../platform.ts";
import type { Volume } from "../../ports/store.ts";

export interface VolumeCall {
  /** The name of the function in libc. It takes a path and a buffer. */
  readonly symbol: string;
  /** At least the size of the structure. */
  readonly bytes: number;
  /** Offsets into the structure. Counts have 64 bits, the size of a block and the flags 32. */
  readonly at: Readonly<
    Record<
      "blockBytes" | "blocks" | "free" | "freeForUsers" | "files" | "freeFiles" | "flags",
      number
    >
  >;
  /** Bits of the flags. */
  readonly readOnly: number;
  readonly noexec: number;
}

/**
 * Linux: `struct statvfs` of glibc and musl with 64 bits. macOS: `struct statfs` with inodes of 64
 * bits, which has the plain name only on arm64. Every supported machine is little-endian: the lower
 * half of a `long` comes first.
 */
export function volumeCall({ os, arch }: Platform): VolumeCall | undefined {
  switch (os) {
    case "linux":
      return {
        symbol: "statvfs",
        bytes: 256,
        at: {
          blockBytes: 8,
          blocks: 16,
          free: 24,
          freeForUsers: 32,
          files: 40,
          freeFiles: 48,
          flags: 72,
        },
        readOnly: 1, // ST_RDONLY
        noexec: 8, // ST_NOEXEC
      };
    case "darwin":
      return {
        symbol: arch === "amd64" ? "statfs$INODE64" : "statfs",
        bytes: 4096,
        at: {
          blockBytes: 0,
          blocks: 8,
          free: 16,
          freeForUsers: 24,
          files: 32,
          freeFiles: 40,
          flags: 64,
        },
        readOnly: 1, // MNT_RDONLY
        noexec: 4, // MNT_NOEXEC
      };
    case "windows":
      return undefined;
  }
}

export function parseVolume(
  answer: Uint8Array<ArrayBuffer>,
  { at, readOnly, noexec }: VolumeCall,
  isRoot: boolean,
): Volume {
  const view = new DataView(answer.buffer, answer.byteOffset);
  const flags = view.getUint32(at.flags, true);
  const read = (offset: number) => Number(view.getBigUint64(offset, true));
  return {
    isReadOnly: (flags & readOnly) !== 0,
    isNoexec: (flags & noexec) !== 0,
    // A file system without blocks does not report its size, for example one of FUSE; one that
    // makes inodes on demand does not report how many are left, for example Btrfs.
    freeBytes: read(at.blocks) === 0
      ? Infinity
      : view.getUint32(at.blockBytes, true) * read(isRoot ? at.free : at.freeForUsers),
    freeFiles: read(at.files) === 0 ? Infinity : read(at.freeFiles),
  };
}
