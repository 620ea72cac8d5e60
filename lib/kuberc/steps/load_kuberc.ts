/**
 * Reads kubectl's preferences. Most people have none, and then this is one `stat` and no YAML.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { KubeconfigError } from "../../kubeconfig/fields.ts";
import { absolutePath } from "../../kubeconfig/location.ts";
import { findKuberc, type Kuberc, parseKuberc, REFUSED_KUBERC } from "../kuberc.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { findHomeOfKubectl } from "../../kubeconfig/steps/find_home.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

/**
 * Returns `undefined` if no kuberc applies, and {@linkcode REFUSED_KUBERC} if kubectl will refuse
 * to run because the named file is missing or malformed.
 */
export async function loadKuberc(
  line: Pick<CommandLine, "args">,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<Kuberc | undefined> {
  const location = findKuberc(line.args, findHomeOfKubectl(host), host);
  if (location.kind === "off") return undefined;
  if (location.kind === "refused") return REFUSED_KUBERC;
  const path = absolutePath(host.platform, () => host.program.cwd(), location.path);
  return await readKuberc(path, host) ??
    (location.explicit ? REFUSED_KUBERC : undefined);
}

/** Returns the first document that is a kuberc. */
async function readKuberc(
  path: string,
  { files }: Pick<Host, "files">,
): Promise<Kuberc | undefined> {
  // kubectl only warns of a default file that it cannot read.
  const text = orUndefined(() => readRegularText(path, "kuberc", files));
  if (text === undefined) return undefined;
  const { parseKubeconfigText } = await import("../../kubeconfig/text.ts");
  for (const document of text.split(/^---[ \t]*\r?$/m)) {
    try {
      const kuberc = parseKuberc(parseKubeconfigText(document));
      if (kuberc !== undefined) return kuberc;
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
    }
  }
  return undefined;
}
