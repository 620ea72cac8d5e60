/**
 * Records every reading of a resolution. A memo checks exactly these readings.
 *
 * @module
 */
import { describeRealPath, describeStat, describeVariable, hashOf, isSettled } from "./facts.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { ContentKind, Fact, Seen } from "../fact.ts";

export interface Trace {
  /** The ports, which record every reading. */
  readonly host: Pick<LocalHost, "env" | "files" | "program">;
  /** Returns each reading once, with its first result. */
  facts(): readonly Fact[];
}

/** Wraps the ports. `nowMs` returns milliseconds since the epoch. */
export function traceReadings(
  nowMs: () => number,
  { env, files, program }: Pick<LocalHost, "env" | "files" | "program">,
): Trace {
  const facts = new Map<string, Fact>();
  const note = (fact: Fact) => {
    const key = `${fact[0]} ${fact[1]}`;
    if (!facts.has(key)) facts.set(key, fact);
  };
  // `stat` comes before the content, so that the next check notices a change in between.
  const read = <Content>(kind: ContentKind, path: string, content: () => Content): Content => {
    const seen = describeStat(files.stat, path, kind);
    try {
      const value = content();
      note(
        isSettled(seen, nowMs()) ? [kind, path, seen] : [kind, path, seen, hashOf(value)],
      );
      return value;
    } catch (error) {
      note([kind, path, seen]);
      throw error;
    }
  };
  return {
    host: {
      env: {
        get(name) {
          const value = env.get(name);
          note(["env", name, describeVariable(name, value)]);
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
          note(["stat", path, describeStat(files.stat, path, "stat")]);
          return files.stat(path);
        },
        lstat(path) {
          note(["lstat", path, describeStat(files.lstat, path, "lstat")]);
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
    facts: () => withoutDuplicates([...facts.values()]),
  };
}

/** Drops a `stat` that another fact of the same path includes. */
function withoutDuplicates(facts: readonly Fact[]): readonly Fact[] {
  const checked = new Map<string, Seen[]>();
  for (const [kind, path, seen] of facts) {
    if (kind === "text" || kind === "bytes" || kind === "list" || kind === "lstat") {
      checked.set(path, [...checked.get(path) ?? [], seen]);
    }
  }
  return facts.filter((fact) =>
    fact[0] !== "stat" || checked.get(fact[1])?.some((seen) => beginsWith(seen, fact[2])) !== true
  );
}

function beginsWith(whole: Seen, start: Seen): boolean {
  if (typeof whole === "string" || typeof start === "string") return whole === start;
  return start.every((value, index) => value === whole[index]);
}
