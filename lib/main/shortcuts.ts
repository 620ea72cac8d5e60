/**
 * After a command that the launcher could not follow: the shortcut for the next one.
 *
 * @module
 */
import { denoHost } from "../host/deno_host.ts";
import { keepShortcut, type ShortcutRequest } from "../launcher/steps/keep_shortcut.ts";
import type { LocalHost } from "../ports/host.ts";

export async function rememberShortcut(request: ShortcutRequest, local: LocalHost): Promise<void> {
  await keepShortcut(request, denoHost(local));
}
