/**
 * The readings of a resolution as data, one fact for each. A memo stores them, and `steps/facts.ts`
 * checks if reading again would give the same results.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";

/** A reading and its result. Facts are tuples, since dozens of them are parsed on every command. */
export type Fact =
  /**
   * A variable without the userinfo of URLs: no choice depends on it, and no secret may be stored.
   */
  | readonly ["env", name: string, value: string | null]
  | readonly ["cwd", "", path: string | null]
  | readonly ["real", path: string, realPath: string | null]
  | readonly ["stat" | "lstat", path: string, seen: Seen]
  | readonly [ContentKind, path: string, seen: Seen]
  | HashedFact;

/** A file or folder that had only just changed when it was read. `hash` is of its content. */
export type HashedFact = readonly [ContentKind, path: string, seen: Seen, hash: string];

export type ContentKind = "text" | "bytes" | "list";

/**
 * The result of `stat`, or a word for its failure. Numbers stay numbers, which are faster than
 * text.
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
