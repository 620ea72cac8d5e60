/**
 * `kuberlr __complete WORDS…`: what the shells' scripts ask.
 *
 * @module
 */
import { completeWords, renderCompletion } from "../cli/completion.ts";
import type { Host } from "../ports/host.ts";

export function complete(words: readonly string[], { terminal }: Pick<Host, "terminal">): number {
  terminal.stdout.write(renderCompletion(completeWords(words)));
  return 0;
}
