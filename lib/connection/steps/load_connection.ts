/**
 * Finds the API server that a command line of kubectl would ask. It reads everything that the
 * choice of the server depends on: kubeconfigs, variables, the authority's file. Tokens,
 * certificates and keys are read only when the server is asked.
 *
 * @module
 */
import { redactArgument } from "../../output/redact.ts";
import type { Target } from "../target.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { CommandLine, GlobalFlags } from "../../kubectl/argv.ts";
import type { Kubeconfig } from "../../kubeconfig/kubeconfig.ts";
import { KubeconfigError } from "../../kubeconfig/fields.ts";
import { absolutePath } from "../../kubeconfig/location.ts";
import { selectConnection } from "../../kubeconfig/selection.ts";
import { findSelectionFault } from "../../kubeconfig/validation.ts";
import { IN_CLUSTER_FILES, isDefaultConnection, planInClusterTarget } from "../in_cluster.ts";
import { planTarget } from "../target.ts";
import {
  loadKubeconfig,
  readOrRefuse,
  refusalOf,
  type Refused,
} from "../../kubeconfig/steps/load_kubeconfig.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

export type LoadedConnection =
  | { readonly kind: "target"; readonly target: Target }
  /** kubectl will refuse this configuration and say why, or only kubectl may read it. */
  | Refused;

/** The input that does not come from kubeconfig files. */
export interface ConnectionPolicy {
  /** Returns true if kuberc's credentialPluginPolicy forbids this program. Its path is resolved. */
  readonly forbidsPlugin: (command: string) => boolean;
  /** Milliseconds since the epoch. An id-token is used only while it is valid. */
  readonly nowMs: number;
}

/**
 * Loads the kubeconfig files and chooses the server. No content of a file or flag makes it throw.
 */
export async function loadConnection(
  line: Pick<CommandLine, "globals">,
  policy: ConnectionPolicy,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<LoadedConnection> {
  const loaded = await loadKubeconfig(line.globals, host);
  return loaded.kind === "refused"
    ? loaded
    : connectionOf(loaded.kubeconfig, line.globals, policy, host);
}

/**
 * Chooses the server from a loaded kubeconfig, for callers that do so for several contexts. It
 * reads only the authority's file.
 */
export function connectionOf(
  kubeconfig: Kubeconfig,
  flags: GlobalFlags,
  policy: ConnectionPolicy,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): LoadedConnection {
  try {
    return { kind: "target", target: chooseTarget(kubeconfig, flags, policy, host) };
  } catch (error) {
    return refusalOf(error);
  }
}

function chooseTarget(
  kubeconfig: Kubeconfig,
  flags: GlobalFlags,
  policy: ConnectionPolicy,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Target {
  const { platform, program } = host;
  const env = (name: string) => host.env.get(name);
  const kubernetesMaster = env("KUBERNETES_MASTER");
  const cwd = () => program.cwd();
  const selection = selectConnection(kubeconfig, flags, { platform, cwd, kubernetesMaster });
  const fault = findSelectionFault(selection);
  if (fault !== undefined) throw new KubeconfigError(fault);
  if (isDefaultConnection(selection, flags, kubernetesMaster)) {
    const target = findInClusterTarget(flags, host);
    if (target !== undefined) return target;
  }
  return planTarget(selection, {
    ...policy,
    env,
    readAuthority: (path) => readAuthority(path, host),
  });
}

function findInClusterTarget(
  flags: GlobalFlags,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Target | undefined {
  const { files, env, platform, program } = host;
  if (!env.get("KUBERNETES_SERVICE_HOST") || !env.get("KUBERNETES_SERVICE_PORT")) return undefined;
  const token = orUndefined(() => files.stat(IN_CLUSTER_FILES.token));
  if (token === undefined || token.kind === "directory") return undefined;
  const flag = flags["certificate-authority"];
  return planInClusterTarget(
    flags,
    flag ? readAuthority(absolutePath(platform, () => program.cwd(), flag), host) : undefined,
    orUndefined(() => readRegularText(IN_CLUSTER_FILES.authority, "credential", files)),
    (name) => env.get(name),
  );
}

function readAuthority(
  path: string,
  { files, platform }: Pick<Host, "files" | "platform">,
): string {
  const text = readOrRefuse(path, platform, () => readRegularText(path, "credential", files));
  if (text === undefined) throw new KubeconfigError(`"${redactArgument(path)}" does not exist`);
  return text;
}
