/**
 * Tells whether the launcher would now follow a shortcut for a command line, and why not: for
 * `explain` and `doctor`.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { findLayout } from "../../files/layout.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { scanKubectlArgv } from "../../kubectl/argv.ts";
import { findNeed } from "../../kubectl/need.ts";
import { recallKubectl } from "../../memory/steps/recall_kubectl.ts";
import { quoteShellWord } from "../../output/shell_word.ts";
import { isAbsolutePath, joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import { chooseShortcut, wordTables } from "../command_words.ts";
import { STAT_FLAVORS } from "../stat_format.ts";
import { findStat, runStat } from "./stat_command.ts";

export type ShortcutReport =
  | { readonly follows: true }
  /** The reason follows "kuberlr itself starts: " in a sentence. */
  | { readonly follows: false; readonly reason: string };

/** `launcher` is the text of the `kubectl` that PATH finds. */
export async function inspectShortcut(
  args: readonly string[],
  launcher: string,
  host: Pick<Host, "platform" | "program" | "env" | "files" | "processes" | "clock">,
): Promise<ShortcutReport> {
  const { env, files, platform } = host;
  const flavor = STAT_FLAVORS.find((each) => launcher.includes(`.${each}\n`));
  if (flavor === undefined) return not("the kubectl in PATH starts it for every command");
  const name = chooseShortcut(args, env.get("KUBECONFIG"), wordTables());
  if (name === undefined) return not("the launcher cannot parse this command line");
  const line = scanKubectlArgv(args);
  const memo = recallKubectl(line, findNeed(line, env), host);
  if (memo === undefined) return not("no choice for this command is remembered yet");
  if (memo.warning !== null) return not("every such command repeats a warning");
  if (memo.shortcut) return not(memo.shortcut);
  const layout = findLayout(platform, env);
  const path = layout && joinPath(platform, layout.memo, `${name}.${flavor}`);
  const text = path && orUndefined(() => readOwnText(path, "shortcut", files));
  if (text === undefined) return not("its shortcut is written by one of the next such commands");
  const [, ...paths] = text.slice(0, text.indexOf("\n")).split("\t");
  const own = host.program.startCommand();
  const program = own.kind === "executable" ? own.path : own.module;
  const stat = isAbsolutePath(platform, program) ? await findStat(host) : undefined;
  const lines = stat && await runStat([program, ...paths], stat, host);
  return lines !== undefined && text.includes(quoteShellWord(lines.join("\n")))
    ? { follows: true }
    : not("its shortcut is out of date, and the next such command writes a new one");
}

function not(reason: string): ShortcutReport {
  return { follows: false, reason };
}
