/**
 * Chooses contexts of a kubeconfig by names and globs, and gives hints for one that does not exist.
 *
 * @module
 */
import { KuberlrError, orUndefined } from "../errors.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import { findNearest } from "../output/nearest.ts";
import { redactArgument } from "../output/redact.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";
import { matchesGlob } from "../resolver/pins.ts";

const LIST_THEM = `"kubectl config get-contexts" lists them`;

/**
 * Returns the contexts that a glob matches, or all contexts without globs. They are sorted by name,
 * as kubectl lists them.
 *
 * @throws {KuberlrError} `usage`: a glob matches no context
 */
export function chooseContexts(
  contexts: readonly string[],
  globs: readonly string[],
): readonly string[] {
  for (const glob of globs) {
    if (contexts.some((context) => matchesGlob(glob, context))) continue;
    const nearest = glob.includes("*") ? undefined : findNearest(glob, contexts);
    throw new KuberlrError("usage", `No context matches "${redactArgument(glob)}"`, {
      hint: nearest === undefined ? LIST_THEM : `Did you mean "${nearest}"?`,
    });
  }
  return contexts
    .filter((context) => globs.length === 0 || globs.some((glob) => matchesGlob(glob, context)))
    .toSorted();
}

/** Returns a hint for a kubeconfig or a context that kubectl will refuse. */
export async function hintOfRefusal(
  flags: GlobalFlags,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<string> {
  const loaded = await loadKubeconfig(flags, host);
  if (loaded.kind === "refused") {
    return loaded.isReadOnce
      ? `Name a file that can be read twice, or pin a version: KUBERLR_KUBECTL=1.30`
      : hintOfUnreadable(flags, host);
  }
  const { contexts, currentContext } = loaded.kubeconfig;
  const wanted = flags.context || currentContext?.value || "";
  if (wanted === "" || contexts.has(wanted)) return hintOfUnreadable(flags, host);
  if (contexts.size === 0) {
    return "The kubeconfig has no contexts; the variable KUBECONFIG names another file";
  }
  const nearest = findNearest(wanted, [...contexts.keys()]);
  if (nearest === undefined) return LIST_THEM;
  return flags.context
    ? `Did you mean "${nearest}"?`
    : `Did you mean "${nearest}"? "kubectl config use-context ${
      quoteShellWord(nearest)
    }" makes it the current one`;
}

/** Returns a hint for a kubeconfig that cannot be read, or that kubectl will refuse. */
export function hintOfUnreadable(
  { kubeconfig }: GlobalFlags,
  { files }: Pick<Host, "files">,
): string {
  if (!kubeconfig) return `"kubectl config view" says more`;
  return orUndefined(() => files.stat(kubeconfig)) === undefined
    ? "Name another file with --kubeconfig"
    : `"kubectl config view --kubeconfig ${quoteShellWord(kubeconfig)}" says more`;
}
