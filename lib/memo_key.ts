/**
 * What of a command line can change which kubectl is chosen, as the name under which the choice is remembered. Two
 * lines with the same key resolve the same, the world being the same.
 *
 * Keys are stored, so no secret may be in them: of a token, a password and a user's name only whether one is given,
 * of a server's URL no userinfo and no query.
 *
 * @module
 */
import { hashContent } from "./hash.ts";
import { findKubercFlag, mayBeAlias, mentionsFlag } from "./kuberc_argv.ts";
import { type CommandLine, GLOBAL_FLAGS, type GlobalFlag } from "./kubectl_argv.ts";
import { NEED_FLAGS } from "./local_commands.ts";
import type { Need } from "./resolver.ts";

/**
 * The key where no kuberc has a say. A flag that is given but empty is not a flag that is absent: kubectl lets a
 * kuberc default fill in only the latter.
 */
export function memoKey(line: CommandLine, need: Need): string {
  const parts: unknown[] = [need.kind];
  for (const flag of GLOBAL_FLAGS) {
    const value = line.globals[flag];
    if (value !== undefined) parts.push(flag, keyValue(flag, value));
  }
  const kuberc = findKubercFlag(line.args);
  if (kuberc !== undefined) parts.push("--kuberc", kuberc);
  return JSON.stringify(parts);
}

/**
 * The key where a kuberc has a say: its defaults are for commands, and yield to every mention of their flag. What may
 * be an alias is keyed by all its words, since arguments put before and behind them give them meanings that no table
 * knows; they go in as a hash.
 */
export function memoKeyPerCommand(line: CommandLine, need: Need): string {
  const { args, command, flags } = line;
  const path = command.join(" ");
  const parts: unknown[] = [memoKey(line, need), path];
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

/** Of these the value matters, and it is no more than a word. */
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
      return withoutUserinfo(value);
    default:
      return value;
  }
}

/**
 * What Go takes for userinfo, and the query. A server with another `@` in it is one with a path, or one that no
 * parser takes for what was meant: it is told apart from others by a hash.
 */
function withoutUserinfo(server: string): string {
  const bare = server
    .replace(/^([a-z][a-z\d+.-]*:(?=\/))?(\/*)[^/?#]*@/i, "$1$2")
    .replace(/[?#].*$/s, "?");
  return bare.includes("@") ? `#${hashContent(bare)}` : bare;
}

function withoutSecret(arg: string, { globals }: CommandLine): string {
  const flag = /^--(?:token|password|username)=/.exec(arg)?.[0];
  if (flag !== undefined) return flag;
  if (arg !== "" && (arg === globals.token || arg === globals.password)) return "given";
  return arg.includes("@") ? arg.replace(/\/\/[^/?#]*@/g, "//") : arg;
}
