/**
 * Checks with a few `stat`s if reading the world again would give the facts' results.
 *
 * `stat` misses an edit within the clock's granularity of the edit before (git's "racily clean"
 * entries). So a file that had only just changed when it was read is also checked by its content,
 * until it has settled.
 *
 * Every repeated command checks its facts, so this file is kept small.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";
import { HostError, orUndefined } from "../../errors.ts";
import { hashContent } from "../../encoding/hash.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { ContentKind, Fact, HashedFact, Seen } from "../fact.ts";

/** Longer than the granularity of the coarsest time stamps: FAT's two seconds. */
const SETTLED_AFTER_MS = 2_500;

/**
 * The result of a check. `settled` are the facts to store from now on, without the hashes of files
 * that have settled since; `undefined` if none has.
 */
export type Check =
  | { readonly kind: "changed" }
  | { readonly kind: "same"; readonly settled: readonly Fact[] | undefined };

/**
 * Returns `same` if reading again gives the results in the facts. A malformed fact counts as
 * changed.
 */
export function checkFacts(
  facts: readonly Fact[],
  nowMs: number,
  host: Pick<LocalHost, "env" | "files" | "program">,
): Check {
  let hasSettled = false;
  for (const fact of facts) {
    if (!holds(fact, host)) return { kind: "changed" };
    if (isHashed(fact)) hasSettled ||= isSettled(fact[2], nowMs);
  }
  return {
    kind: "same",
    settled: hasSettled ? facts.map((fact) => withoutSettledHash(fact, nowMs)) : undefined,
  };
}

function holds(
  fact: Fact,
  { env, files, program }: Pick<LocalHost, "env" | "files" | "program">,
): boolean {
  if (!Array.isArray(fact) || typeof fact[1] !== "string") return false;
  switch (fact[0]) {
    case "env":
      return describeVariable(fact[1], env.get(fact[1])) === fact[2];
    case "cwd":
      return (program.cwd() ?? null) === fact[2];
    case "real":
      return describeRealPath(files, fact[1]) === fact[2];
    case "stat":
    case "lstat":
      return isSame(describeStat(files[fact[0]], fact[1], fact[0]), fact[2]);
    case "text":
    case "bytes":
    case "list": {
      const [kind, path, seen, hash] = fact;
      return isSame(describeStat(files.stat, path, kind), seen) &&
        (hash === undefined || hashOf(readAgain(files, kind, path)) === hash);
    }
    default:
      return false;
  }
}

function isSame(a: Seen, b: Seen): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  for (const index of a.keys()) {
    if (a[index] !== b[index]) return false;
  }
  return a.length === b.length;
}

function withoutSettledHash(fact: Fact, nowMs: number): Fact {
  return isHashed(fact) && isSettled(fact[2], nowMs) ? [fact[0], fact[1], fact[2]] : fact;
}

function isHashed(fact: Fact): fact is HashedFact {
  return fact[3] !== undefined;
}

function readAgain(files: Files, kind: ContentKind, path: string) {
  return orUndefined((): unknown => {
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

/**
 * Returns the result of `stat` for a fact of this kind. Times and size of a folder tell its
 * content, so they count only where it was listed (`list`).
 */
export function describeStat(look: Files["stat"], path: string, kind: Fact[0]): Seen {
  try {
    const stat = look(path);
    if (stat === undefined) return "absent";
    const { mode, uid, dev, ino } = stat;
    return stat.kind === "directory" && kind !== "list"
      ? [stat.kind, mode, uid, dev, ino]
      : [stat.kind, mode, uid, dev, ino, stat.size, stat.mtimeMs, stat.ctimeMs];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.code;
  }
}

export function describeRealPath(files: Files, path: string): string | null {
  return orUndefined(() => files.realPath(path)) ?? null;
}

/**
 * Returns true if the next change will alter the times. A missing file counts as settled: its
 * change is that it exists.
 */
export function isSettled(seen: Seen, nowMs: number): boolean {
  if (!Array.isArray(seen)) return true;
  const [, , , , , , mtimeMs = -Infinity, ctimeMs = -Infinity] = seen;
  return Math.max(mtimeMs, ctimeMs) + SETTLED_AFTER_MS < nowMs;
}

/**
 * Returns a variable's value for a fact: of `scheme://user:password@host?query`, and of
 * `user:password@host` in proxy variables, the parts that name no person and hold no signature. No
 * choice of an installed kubectl depends on the removed parts. Lists of paths are kept: they are
 * not URLs, and their parts are choices.
 */
export function describeVariable(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const mayBeUrl = value.includes("@") || value.includes("?");
  if (!mayBeUrl || name === "KUBECONFIG" || name.endsWith("PATH")) return value;
  // A proxy's URL ends with its host, so the text before an `@` is a name or a secret.
  const userinfo = /_proxy$/i.test(name)
    ? /^([a-z][a-z\d+.-]*:\/\/)?.*@/is
    : /(:\/\/)[^/?#\s,"]*@/g;
  const bare = value.replace(userinfo, "$1");
  // It is a path with an `@`, or a password with a character that ends a host: they look alike.
  if (bare.includes("@")) return `#${hashContent(bare)}`;
  return bare.replace(/(:\/\/[^?\s"]*\?)[^\s,"]*/g, "$1");
}
