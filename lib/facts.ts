/**
 * Facts: what was read of the world, and whether reading it again would find the same, told with a few `stat`s.
 *
 * `stat` misses an edit that comes within the clock's granularity of the one before (git's "racily clean" entries).
 * So what had only just changed when it was read is checked by its content, too, until it has settled.
 *
 * Every repeated command checks its facts: this file is kept small.
 *
 * @module
 */
import { HostError, tolerate } from "./errors.ts";
import { hashContent } from "./hash.ts";
import type { Env, Files, FileStat, Program } from "./host.ts";

/** One thing that was read and what it was. Tuples: they are stored by the dozen and parsed on every command. */
export type Fact =
  /** A variable. Userinfo of URLs is left out: no choice depends on it, and no secret may be stored. */
  | readonly ["env", name: string, value: string | null]
  | readonly ["cwd", "", path: string | null]
  | readonly ["stat" | "lstat" | "real", path: string, stat: string]
  | readonly [ContentKind, path: string, stat: string, hash?: string];

export type ContentKind = "text" | "bytes" | "list";

/** The ports that a resolution reads the world through. */
export interface Readable {
  readonly env: Env;
  readonly files: Files;
  readonly program: Program;
}

/** More than the coarsest time stamps in use: FAT's two seconds. */
const SETTLED_AFTER_MS = 2_500;

/** `same` with the facts to go on with: those that have settled since lose their hash. */
export type Check =
  | { readonly kind: "changed"; readonly fact: Fact }
  | { readonly kind: "same"; readonly settled: readonly Fact[] | undefined };

/** Whether reading the world again would find what the facts say. */
export function checkFacts(
  facts: readonly Fact[],
  { env, files, program }: Readable,
  nowMs: number,
): Check {
  let settled = false;
  for (const fact of facts) {
    switch (fact[0]) {
      case "env": {
        const [, name, seen] = fact;
        const value = env.get(name);
        if ((value === undefined ? null : withoutUserinfo(name, value)) !== seen) {
          return { kind: "changed", fact };
        }
        break;
      }
      case "cwd":
        if ((program.cwd() ?? null) !== fact[2]) return { kind: "changed", fact };
        break;
      case "stat":
      case "lstat":
        if (describeStat(files[fact[0]], fact[1]).text !== fact[2]) {
          return { kind: "changed", fact };
        }
        break;
      case "real":
        if (describeRealPath(files, fact[1]) !== fact[2]) return { kind: "changed", fact };
        break;
      default: {
        const [kind, path, seen, seenHash] = fact;
        const stat = describeStat(files.stat, path, kind);
        if (stat.text !== seen) return { kind: "changed", fact };
        if (seenHash === undefined) break;
        if (hashOf(readAgain(files, kind, path)) !== seenHash) return { kind: "changed", fact };
        settled ||= isSettled(stat, nowMs);
      }
    }
  }
  return {
    kind: "same",
    settled: settled ? facts.map((fact) => settle(fact, files, nowMs)) : undefined,
  };
}

function settle(fact: Fact, files: Files, nowMs: number): Fact {
  switch (fact[0]) {
    case "text":
    case "bytes":
    case "list": {
      const [kind, path, seen] = fact;
      return isSettled(describeStat(files.stat, path, kind), nowMs) ? [kind, path, seen] : fact;
    }
    default:
      return fact;
  }
}

function readAgain(files: Files, kind: ContentKind, path: string) {
  return tolerate((): unknown => {
    switch (kind) {
      case "text":
        return files.readText(path);
      case "bytes":
        return files.readBytes(path);
      case "list":
        return files.list(path);
    }
  });
}

export function hashOf(content: unknown): string {
  if (typeof content === "string" || content instanceof Uint8Array) return hashContent(content);
  return Array.isArray(content) ? hashContent(content.toSorted().join("/")) : "";
}

export interface DescribedStat {
  readonly text: string;
  /** The last change that the file system tells of. */
  readonly changedMs: number;
}

/** A folder's times say what is in it: they count where it was listed (`list`), and nowhere else. */
export function describeStat(
  look: Files["stat"],
  path: string,
  kind: Fact[0] = "stat",
): DescribedStat {
  try {
    const stat = look(path);
    if (stat === undefined) return { text: "absent", changedMs: -Infinity };
    const content = stat.kind !== "directory" || kind === "list" ? formatContent(stat) : "";
    return {
      text: formatIdentity(stat) + content,
      changedMs: Math.max(stat.mtimeMs, stat.ctimeMs),
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { text: error.code, changedMs: -Infinity };
  }
}

export function describeRealPath(files: Files, path: string): string {
  return tolerate(() => files.realPath(path)) ?? "absent";
}

function formatIdentity({ kind, mode, uid, dev, ino }: FileStat): string {
  return `${kind[0]}${mode.toString(8)}:${uid}:${dev}:${ino}`;
}

function formatContent({ size, mtimeMs, ctimeMs }: FileStat): string {
  return `:${size}:${mtimeMs}:${ctimeMs}`;
}

export function isSettled({ changedMs }: DescribedStat, nowMs: number): boolean {
  return changedMs + SETTLED_AFTER_MS < nowMs;
}

/**
 * `scheme://user:password@host?query`, and in proxy variables `user:password@host`, without what names a person or has been
 * signed for one. No kubectl at hand is chosen by it.
 */
export function withoutUserinfo(name: string, value: string): string {
  const bare = value.includes("://") ? value.replace(/(:\/\/[^?\s"]*\?)[^\s,"]*/g, "$1") : value;
  if (!bare.includes("@")) return bare;
  const userinfo = /_proxy$/i.test(name) ? /(^|:\/\/)[^/?#]*@/g : /(:\/\/)[^/?#\s,"]*@/g;
  return bare.replace(userinfo, "$1");
}
