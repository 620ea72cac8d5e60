/**
 * Writes the shortcut for a command that the launcher could not follow.
 *
 * @module
 */
import { denoHost } from "../host/deno_host.ts";
import { type ShortcutRequest, writeShortcut } from "../launcher/steps/write_shortcut.ts";
import type { LocalHost } from "../ports/host.ts";

export async function rememberShortcut(request: ShortcutRequest, local: LocalHost): Promise<void> {
  await writeShortcut(request, denoHost(local));
}
