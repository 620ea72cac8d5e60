/**
 * The readings of a resolution as data: one fact for each. A memo stores them, and
 * `steps/facts.ts` checks whether reading the world again would find the same.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";

/**
 * One thing that was read and what it was. Tuples: they are stored by the dozen and parsed on every
 * command.
 */
export type Fact =
  /**
   * A variable. Userinfo of URLs is left out: no choice depends on it, and no secret may be stored.
   */
  | readonly ["env", name: string, value: string | null]
  | readonly ["cwd", "", path: string | null]
  | readonly ["real", path: string, realPath: string | null]
  | readonly ["stat" | "lstat", path: string, seen: Seen]
  | readonly [ContentKind, path: string, seen: Seen]
  | HashedFact;

/** A file or folder that had only just changed when it was read. */
export type HashedFact = readonly [ContentKind, path: string, seen: Seen, hash: string];

export type ContentKind = "text" | "bytes" | "list";

/**
 * The result of `stat`, or one word for its failure. Numbers stay numbers: text would take longer.
 */
export type Seen =
  | string
  | readonly [
    kind: FileStat["kind"],
    mode: number,
    uid: number,
    dev: number,
    ino: number,
    size?: number,
    mtimeMs?: number,
    ctimeMs?: number,
  ];
