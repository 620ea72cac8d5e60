/**
 * A memo: the kubectl of an earlier command, with every reading that the choice depended on. A
 * command that finds its memo reads one small file, checks the facts and hands over.
 *
 * A memo's key holds the parts of the command line that can change the choice: two lines with one
 * key get the same kubectl while the readings stay the same. Keys are stored, so they hold no
 * secret: they say only that there is a token, a password or a user's name, and a server is its URL
 * without userinfo and query.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Fact } from "../readings/fact.ts";
import { hashContent } from "../encoding/hash.ts";
import { cutUserinfo, redactArgument } from "../output/redact.ts";
import { findKubercFlag, mayBeAlias, mentionsFlag } from "../kubectl/kuberc_argv.ts";
import { type CommandLine, GLOBAL_FLAGS, type GlobalFlag } from "../kubectl/argv.ts";
import { type Need, NEED_FLAGS } from "../kubectl/need.ts";

/** The input of a hand-off. */
export interface ChosenKubectl {
  readonly path: string;
  readonly mode: Config["handOff"];
  /**
   * True if it is certainly a kubectl, not a wrapper that may lead back here: see wrapper_loop.ts.
   */
  readonly skipsLoopGuard: boolean;
}

export interface Memo extends ChosenKubectl {
  /**
   * The parts of the command line, and the build of kuberlr, that the choice depends on, in full.
   */
  readonly key: string;
  /** Milliseconds since the epoch. A memo from the future is ignored. */
  readonly writtenAtMs: number;
  /** Milliseconds since the epoch at which the server has to be asked again; `null` for never. */
  readonly expiresAtMs: number | null;
  readonly facts: readonly Fact[];
  /** A warning that every command repeats, for example of a pin outside the skew window. */
  readonly warning: string | null;
  /**
   * `null` if no shortcut was tried yet; `""` if there is one; else the reason why there is none.
   */
  readonly shortcut: string | null;
}

/**
 * Identifies the code that made the choice and wrote the memo. Memos of other code are ignored,
 * since it might choose otherwise. tools/bundle.ts fills in a hash; in a checkout the number is
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
 * Returns the key if no kuberc applies. `kubeconfigs` is the variable `KUBECONFIG`: it keeps memos
 * of terminals with different kubeconfigs apart. An empty flag differs from an absent one: only for
 * the latter does kubectl use kuberc's default.
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
 * Returns the key if a kuberc applies. Its defaults depend on the command, and yield to every
 * mention of their flag. If the command may be an alias, the key holds a hash of all words:
 * arguments that the alias puts around them can give them any meaning.
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

/**
 * Returns true if a name or a path that a memo would hold is a URL with a password. Such a memo
 * must not be written.
 */
export function holdsPassword(line: CommandLine, kubeconfigs: string | undefined): boolean {
  const held = GLOBAL_FLAGS.map((flag) => keyValue(flag, line.globals[flag] ?? ""));
  return [...held, findKubercFlag(line.args) ?? "", kubeconfigs ?? ""]
    .some((text) => redactArgument(text) !== text);
}

/** Flags whose value is part of the key: it is a keyword, and never a secret. */
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
 * Returns a server without user, password and query. One with another `@` has it in its path or is
 * malformed: then a hash tells it apart from others.
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
