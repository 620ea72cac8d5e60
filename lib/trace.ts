/**
 * What a resolution read of the world, written down as it reads, so that the next run can tell with a few `stat`s
 * whether reading again would find the same. Nothing decides what to check but the reading itself.
 *
 * `stat` misses an edit that comes within the clock's granularity of the one before (git's "racily clean" entries).
 * So what had only just changed when it was read is checked by its content, too, until it has settled.
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

type ContentKind = "text" | "bytes" | "list";

/** The ports that a resolution reads the world through. */
export interface Readable {
  readonly env: Env;
  readonly files: Files;
  readonly program: Program;
}

export interface Trace {
  /** The same ports, noting down every reading. */
  readonly host: Readable;
  /** Each thing once, as it was first seen. */
  facts(): readonly Fact[];
}

/** More than the coarsest time stamps in use: FAT's two seconds. */
const SETTLED_AFTER_MS = 2_500;

/** `nowMs`: the time in milliseconds since the epoch. */
export function traceReadings({ env, files, program }: Readable, nowMs: () => number): Trace {
  const facts = new Map<string, Fact>();
  const note = (fact: Fact) => {
    const key = `${fact[0]} ${fact[1]}`;
    if (!facts.has(key)) facts.set(key, fact);
  };
  // `stat` comes before the content: the next check then finds what changed in between.
  const read = <Content>(kind: ContentKind, path: string, content: () => Content): Content => {
    const stat = describeStat(files.stat, path);
    try {
      const value = content();
      note(
        isSettled(stat, nowMs()) ? [kind, path, stat.text] : [kind, path, stat.text, hash(value)],
      );
      return value;
    } catch (error) {
      note([kind, path, stat.text]);
      throw error;
    }
  };
  return {
    host: {
      env: {
        get(name) {
          const value = env.get(name);
          note(["env", name, value === undefined ? null : withoutUserinfo(name, value)]);
          return value;
        },
      },
      program: {
        ...program,
        cwd() {
          const cwd = program.cwd();
          note(["cwd", "", cwd ?? null]);
          return cwd;
        },
      },
      files: {
        ...files,
        stat(path) {
          note(["stat", path, describeStat(files.stat, path).text]);
          return files.stat(path);
        },
        lstat(path) {
          note(["lstat", path, describeStat(files.lstat, path).text]);
          return files.lstat(path);
        },
        realPath(path) {
          note(["real", path, describeRealPath(files, path)]);
          return files.realPath(path);
        },
        readText: (path) => read("text", path, () => files.readText(path)),
        readBytes: (path) => read("bytes", path, () => files.readBytes(path)),
        list: (path) => read("list", path, () => files.list(path)),
      },
    },
    facts: () => [...facts.values()],
  };
}

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
        const stat = describeStat(files.stat, path);
        if (stat.text !== seen) return { kind: "changed", fact };
        if (seenHash === undefined) break;
        if (hash(readAgain(files, kind, path)) !== seenHash) return { kind: "changed", fact };
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
      return isSettled(describeStat(files.stat, path), nowMs) ? [kind, path, seen] : fact;
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

function hash(content: unknown): string {
  if (typeof content === "string" || content instanceof Uint8Array) return hashContent(content);
  return Array.isArray(content) ? hashContent(content.toSorted().join("/")) : "";
}

interface DescribedStat {
  readonly text: string;
  /** The last change that the file system tells of. */
  readonly changedMs: number;
}

function describeStat(look: Files["stat"], path: string): DescribedStat {
  try {
    const stat = look(path);
    return stat === undefined
      ? { text: "absent", changedMs: -Infinity }
      : { text: formatStat(stat), changedMs: Math.max(stat.mtimeMs, stat.ctimeMs) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { text: error.code, changedMs: -Infinity };
  }
}

function describeRealPath(files: Files, path: string): string {
  return tolerate(() => files.realPath(path)) ?? "absent";
}

function formatStat({ kind, dev, ino, size, mtimeMs, ctimeMs, mode, uid }: FileStat): string {
  return `${kind[0]}${mode.toString(8)}:${uid}:${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

function isSettled({ changedMs }: DescribedStat, nowMs: number): boolean {
  return changedMs + SETTLED_AFTER_MS < nowMs;
}

/** `scheme://user:password@host`, and in proxy variables `user:password@host`, without what names a person. */
function withoutUserinfo(name: string, value: string): string {
  if (!value.includes("@")) return value;
  const userinfo = /_proxy$/i.test(name) ? /(^|:\/\/)[^/?#]*@/g : /(:\/\/)[^/?#\s,"]*@/g;
  return value.replace(userinfo, "$1");
}
