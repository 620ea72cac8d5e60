/**
 * After a command that the launcher could not follow: the shortcut for the next one.
 *
 * @module
 */
import { denoHost } from "../host/deno_host.ts";
import { localHost } from "../host/local_host.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import { keepShortcut } from "../launcher/steps/keep_shortcut.ts";
import type { Memo } from "../memory/memo.ts";

/** `asked`: the name under which the launcher has looked for a shortcut. */
export async function rememberShortcut(
  asked: string,
  line: CommandLine,
  memo: Memo,
): Promise<void> {
  await keepShortcut({ asked, line, memo }, denoHost(localHost()));
}
