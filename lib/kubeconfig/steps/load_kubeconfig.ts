/**
 * Reads the kubeconfig files that kubectl would read, and no other file. The YAML parser is loaded
 * only if there is something to parse.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { GlobalFlags } from "../../kubectl/argv.ts";
import { type Kubeconfig, mergeKubeconfigs, readKubeconfig } from "../kubeconfig.ts";
import { KubeconfigError, ReadOnceError } from "../fields.ts";
import type { Platform } from "../../platform.ts";
import { absolutePath, locateKubeconfig, sharesOffset } from "../location.ts";
import { readRegularBytes } from "../../files/steps/read_regular.ts";
import { redactArgument } from "../../output/redact.ts";
import { findHomeOfKubectl } from "./find_home.ts";

export type LoadedKubeconfig =
  | { readonly kind: "kubeconfig"; readonly kubeconfig: Kubeconfig }
  /** kubectl will refuse one of the files, or report that one is missing. */
  | Refused;

export interface Refused {
  readonly kind: "refused";
  readonly reason: string;
  /** Set if only kubectl may read it, because it comes through a pipe. */
  readonly isReadOnce?: true;
}

/** Returns a {@linkcode KubeconfigError} as a refusal. Throws any other error again. */
export function refusalOf(error: unknown): Refused {
  if (!(error instanceof KubeconfigError)) throw error;
  const { message: reason } = error;
  return error instanceof ReadOnceError
    ? { kind: "refused", reason, isReadOnce: true }
    : { kind: "refused", reason };
}

/** Loads and merges the kubeconfig files. No content of a file makes it throw. */
export async function loadKubeconfig(
  flags: GlobalFlags,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<LoadedKubeconfig> {
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
      else if (location.required) {
        throw new KubeconfigError(`"${redactArgument(path)}" does not exist`);
      }
    }
    return { kind: "kubeconfig", kubeconfig: mergeKubeconfigs(files) };
  } catch (error) {
    return refusalOf(error);
  }
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function readFirst(
  paths: readonly (string | undefined)[],
  { files, platform, program }: Pick<Host, "files" | "platform" | "program">,
): FoundFile | undefined {
  for (const path of paths) {
    if (path === undefined) continue;
    const absolute = absolutePath(platform, () => program.cwd(), path);
    const bytes = readOrRefuse(
      absolute,
      platform,
      () => readRegularBytes(absolute, "kubeconfig", files),
    );
    if (bytes !== undefined) return { path: absolute, bytes };
  }
  return undefined;
}

/**
 * Calls `read` for a file that kubectl will read, too.
 *
 * @throws {ReadOnceError} the file can be read only once, and then kubectl would get nothing
 * @throws {KubeconfigError} the file cannot be read for another reason than that it is missing
 */
export function readOrRefuse<T>(path: string, platform: Platform, read: () => T): T {
  const isReadOnce = () =>
    new ReadOnceError(`"${path}" is not a regular file, so it can be read only once`);
  if (sharesOffset(path, platform)) throw isReadOnce();
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === "ENOTREG") throw isReadOnce();
    throw new KubeconfigError(`cannot read "${redactArgument(path)}": ${error.code}`);
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
