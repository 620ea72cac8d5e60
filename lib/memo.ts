/**
 * The resolution remembered: which kubectl a command line led to, with everything that was read on the way. A
 * command that finds its memo reads one small file, checks the facts and hands over.
 *
 * @module
 */
import { hashContent } from "./hash.ts";
import type { Config } from "./config.ts";
import type { Fact } from "./facts.ts";

/** What a hand-off needs to know. */
export interface ChosenKubectl {
  readonly path: string;
  readonly mode: Config["handOff"];
  /** Whether it is one that kuberlr keeps itself. */
  readonly ownFolder: boolean;
}

export interface Memo extends ChosenKubectl {
  /** What of the command line and of kuberlr itself the answer depends on, in full. */
  readonly key: string;
  /** Milliseconds since the epoch. A memo from the future is not believed. */
  readonly writtenAtMs: number;
  /** When the server's version has to be asked for again; `null`: never. */
  readonly expiresAtMs: number | null;
  readonly facts: readonly Fact[];
  /** Said on every command: a pin that is out of the skew window is not to be forgotten. */
  readonly warning: string | null;
}

/** Changes with what is stored and with what the choice depends on, so that nobody trusts another release's memo. */
const FORMAT = 1;

export function memoFileName(key: string): string {
  return `${hashContent(key)}.json`;
}

export function formatMemo(memo: Memo): string {
  return JSON.stringify({ format: FORMAT, ...memo });
}

/** `undefined` for whatever is not a memo for this key that still holds at this time. */
export function parseMemo(text: string, key: string, nowMs: number): Memo | undefined {
  let memo: Memo & { format?: unknown } | null;
  try {
    memo = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (memo === null || typeof memo !== "object" || memo.format !== FORMAT) return undefined;
  if (memo.key !== key || typeof memo.path !== "string") return undefined;
  if (!Array.isArray(memo.facts) || !memo.facts.every(isFact)) return undefined;
  if (memo.mode !== "exec" && memo.mode !== "spawn") return undefined;
  if (typeof memo.ownFolder !== "boolean") return undefined;
  if (memo.warning !== null && typeof memo.warning !== "string") return undefined;
  if (!(memo.writtenAtMs <= nowMs)) return undefined;
  if (memo.expiresAtMs !== null && !(nowMs < memo.expiresAtMs)) return undefined;
  return memo;
}

function isFact(value: unknown): value is Fact {
  if (!Array.isArray(value) || typeof value[0] !== "string" || typeof value[1] !== "string") {
    return false;
  }
  const [kind, , seen, hash] = value;
  switch (kind) {
    case "env":
    case "cwd":
      return seen === null || typeof seen === "string";
    case "stat":
    case "lstat":
    case "real":
    case "text":
    case "bytes":
    case "list":
      return typeof seen === "string" && (hash === undefined || typeof hash === "string");
    default:
      return false;
  }
}
