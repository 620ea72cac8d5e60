/**
 * Reads the kubeconfig files that kubectl would read, and no other file: first the ones that the flag or the variable
 * names, else the one at home. The YAML parser is loaded when there is something to parse.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { GlobalFlags } from "../../kubectl/argv.ts";
import { type Kubeconfig, mergeKubeconfigs, readKubeconfig } from "../kubeconfig.ts";
import { KubeconfigError } from "../fields.ts";
import { absolutePath, locateKubeconfig } from "../location.ts";
import { readRegularBytes } from "../../files/steps/read_regular.ts";
import { findHomeOfKubectl } from "./find_home.ts";

export type LoadedKubeconfig =
  | { readonly kind: "kubeconfig"; readonly kubeconfig: Kubeconfig }
  /** kubectl will refuse one of the files, or miss it. */
  | { readonly kind: "refused"; readonly reason: string };

type World = Pick<Host, "files" | "env" | "platform" | "program">;

/** Never throws for what a file can hold. */
export async function loadKubeconfig(flags: GlobalFlags, host: World): Promise<LoadedKubeconfig> {
  const { platform, env } = host;
  const location = locateKubeconfig(platform, {
    flag: flags.kubeconfig,
    list: env.get("KUBECONFIG"),
    home: () => findHomeOfKubectl(host),
    homeVariable: env.get("HOME"),
  });
  try {
    const files: Kubeconfig[] = [];
    for (const path of location.paths) {
      const found = readFirst([path, location.legacy], host);
      if (found !== undefined) files.push(await parseFile(found));
      else if (location.required) throw new KubeconfigError(`"${path}" does not exist`);
    }
    return { kind: "kubeconfig", kubeconfig: mergeKubeconfigs(files) };
  } catch (error) {
    if (error instanceof KubeconfigError) return { kind: "refused", reason: error.message };
    throw error;
  }
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function readFirst(
  paths: readonly (string | undefined)[],
  { files, platform, program }: World,
): FoundFile | undefined {
  for (const path of paths) {
    if (path === undefined) continue;
    const absolute = absolutePath(platform, () => program.cwd(), path);
    const bytes = readOrRefuse(absolute, () => readRegularBytes(absolute, files));
    if (bytes !== undefined) return { path: absolute, bytes };
  }
  return undefined;
}

/** What cannot be read for another reason than that it is missing, kubectl cannot read either. */
export function readOrRefuse<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new KubeconfigError(`cannot read "${path}": ${error.code}`);
  }
}

async function parseFile({ path, bytes }: FoundFile): Promise<Kubeconfig> {
  const { parseKubeconfigBytes } = await import("../text.ts");
  try {
    return readKubeconfig(parseKubeconfigBytes(bytes), path);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new KubeconfigError(`"${path}": ${error.message}`);
  }
}
