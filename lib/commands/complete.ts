/**
 * `kuberlr __complete WORDS…`: answers the shells' completion scripts.
 *
 * @module
 */
import { completeWords, renderCompletion, type Suggestion } from "../cli/completion.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import type { Host } from "../ports/host.ts";

export async function complete(
  words: readonly string[],
  host: Pick<Host, "terminal" | "files" | "env" | "platform" | "program">,
): Promise<number> {
  const completion = completeWords(words);
  const { also } = completion;
  const suggestions = also.kind === "contexts"
    ? (await suggestContexts(words, host))
      .filter(({ value }) => value.startsWith(also.typed))
      .map(({ value, summary }) => ({ value: also.prefix + value, summary }))
    : completion.suggestions;
  host.terminal.stdout.write(renderCompletion({ ...completion, suggestions }));
  return 0;
}

/** Returns the contexts of the kubeconfig that a flag names, or that kubectl would read. */
async function suggestContexts(
  words: readonly string[],
  host: Pick<Host, "terminal" | "files" | "env" | "platform" | "program">,
): Promise<readonly Suggestion[]> {
  const loaded = await loadKubeconfig(flagsOf(words), host);
  if (loaded.kind === "refused") return [];
  const { contexts, currentContext } = loaded.kubeconfig;
  return [...contexts.keys()].toSorted().map((value) => ({
    value,
    summary: value === currentContext?.value ? "the current context" : "a context",
  }));
}

function flagsOf(words: readonly string[]): { readonly kubeconfig?: string } {
  const at = words.indexOf("--kubeconfig");
  const kubeconfig = at >= 0
    ? words[at + 1]
    : words.find((word) => word.startsWith("--kubeconfig="))?.slice("--kubeconfig=".length);
  return kubeconfig === undefined ? {} : { kubeconfig };
}
