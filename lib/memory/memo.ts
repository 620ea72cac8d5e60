/**
 * A memo: the kubectl that a command line led to, with everything that was read on the way. A
 * command that finds its memo reads one small file, checks the facts and hands over.
 *
 * A memo's key holds the parts of the command line that can change the choice of a kubectl: two
 * lines with the same key resolve the same in the same world. Keys are stored, so they hold no
 * secret: of a token, a password and a user's name only whether one is given, and a server's URL
 * without userinfo and query.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Fact } from "../readings/fact.ts";
import { hashContent } from "../encoding/hash.ts";
import { cutUserinfo } from "../output/redact.ts";
import { findKubercFlag, mayBeAlias, mentionsFlag } from "../kubectl/kuberc_argv.ts";
import { type CommandLine, GLOBAL_FLAGS, type GlobalFlag } from "../kubectl/argv.ts";
import { type Need, NEED_FLAGS } from "../kubectl/need.ts";

/** The facts that a hand-off needs. */
export interface ChosenKubectl {
  readonly path: string;
  readonly mode: Config["handOff"];
  /** Whether it is a kubectl for certain, which leads nowhere else: see wrapper_loop.ts. */
  readonly skipsLoopGuard: boolean;
}

export interface Memo extends ChosenKubectl {
  /** The parts of the command line and of kuberlr itself that the answer depends on, in full. */
  readonly key: string;
  /** Milliseconds since the epoch. A memo from the future is not believed. */
  readonly writtenAtMs: number;
  /** When the server's version has to be asked for again; `null`: never. */
  readonly expiresAtMs: number | null;
  readonly facts: readonly Fact[];
  /** Said on every command: a pin that is out of the skew window is not to be forgotten. */
  readonly warning: string | null;
  /** `null`: no shortcut was tried yet; `""`: there is one; else why there is none. */
  readonly shortcut: string | null;
}

/**
 * The code that made the choice, and the format of what it wrote: other code might choose
 * otherwise, and does not look at these memos. tools/bundle.ts fills in a hash; in a checkout it is
 * changed by hand.
 */
const BUILD = "kuberlr-build|2";

export function memoFileName(key: string): string {
  return `${hashContent(key)}.json`;
}

export function formatMemo(memo: Memo): string {
  return JSON.stringify(memo);
}

/** Returns `undefined` for a text that is not a memo for this key, or that has expired. */
export function parseMemo(text: string, key: string, nowMs: number): Memo | undefined {
  let memo: Memo | null;
  try {
    memo = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (memo === null || typeof memo !== "object") return undefined;
  if (memo.key !== key || typeof memo.path !== "string") return undefined;
  if (!Array.isArray(memo.facts)) return undefined;
  if (memo.mode !== "exec" && memo.mode !== "spawn") return undefined;
  if (typeof memo.skipsLoopGuard !== "boolean") return undefined;
  if (memo.warning !== null && typeof memo.warning !== "string") return undefined;
  if (memo.shortcut !== null && typeof memo.shortcut !== "string") return undefined;
  const { writtenAtMs, expiresAtMs } = memo;
  if (typeof writtenAtMs !== "number" || writtenAtMs > nowMs) return undefined;
  if (expiresAtMs !== null && (typeof expiresAtMs !== "number" || expiresAtMs <= nowMs)) {
    return undefined;
  }
  return memo;
}

/**
 * The key where no kuberc has a say. `kubeconfigs` is the variable `KUBECONFIG`: two terminals with
 * a kubeconfig each do not overwrite each other's memo. A flag that is given but empty is not a
 * flag that is absent: kubectl lets a kuberc default fill in only the latter.
 */
export function memoKey(line: CommandLine, need: Need, kubeconfigs: string | undefined): string {
  const parts: unknown[] = [BUILD, need.kind];
  if (kubeconfigs) parts.push("KUBECONFIG", kubeconfigs);
  for (const flag of GLOBAL_FLAGS) {
    const value = line.globals[flag];
    if (value !== undefined) parts.push(flag, keyValue(flag, value));
  }
  const kuberc = findKubercFlag(line.args);
  if (kuberc !== undefined) parts.push("--kuberc", kuberc);
  return JSON.stringify(parts);
}

/**
 * The key where a kuberc has a say: its defaults are for commands, and yield to every mention of
 * their flag. What may be an alias is keyed by all its words, since arguments put before and behind
 * them give them meanings that no table knows; they go in as a hash.
 */
export function memoKeyPerCommand(
  line: CommandLine,
  need: Need,
  kubeconfigs: string | undefined,
): string {
  const { args, command, flags } = line;
  const path = command.join(" ");
  const parts: unknown[] = [memoKey(line, need, kubeconfigs), path];
  if (mayBeAlias(command)) {
    parts.push(hashContent(JSON.stringify(args.map((arg) => withoutSecret(arg, line)))));
    return JSON.stringify(parts);
  }
  if (need.kind === "local") parts.push(need.reason);
  for (const flag of GLOBAL_FLAGS) {
    if (mentionsFlag(args, flag, path)) parts.push(flag);
  }
  for (const flag of NEED_FLAGS) {
    if (mentionsFlag(args, flag, path)) parts.push(flag);
    const value = flags.get(flag);
    if (value !== undefined) parts.push([flag, CHOICES.includes(flag) ? value : ""]);
  }
  return JSON.stringify(parts);
}

/** Flags whose value is part of the key: it is a word, and never a secret. */
const CHOICES: readonly string[] = ["client", "dry-run", "help", "local"];

function keyValue(flag: GlobalFlag, value: string): string {
  switch (flag) {
    case "as":
    case "as-group":
    case "as-uid":
    case "as-user-extra":
    case "password":
    case "token":
    case "username":
      return value === "" ? "" : "given";
    case "server":
      return identifyServer(value);
    default:
      return value;
  }
}

/**
 * A server without user, password and query. One with another `@` has it in its path, or is
 * malformed: a hash tells it apart from others.
 */
function identifyServer(server: string): string {
  const { scheme, userinfo, rest } = cutUserinfo(server);
  const isClean = userinfo === undefined || !/[@/?#]/.test(userinfo);
  return isClean ? scheme + rest.replace(/[?#].*$/s, "?") : `#${hashContent(server)}`;
}

function withoutSecret(arg: string, { globals }: CommandLine): string {
  const flag = /^--(?:token|password|username)=/.exec(arg)?.[0];
  if (flag !== undefined) return flag;
  if (arg !== "" && (arg === globals.token || arg === globals.password)) return "given";
  return arg.includes("@") ? arg.replace(/\/\/[^/?#]*@/g, "//") : arg;
}
