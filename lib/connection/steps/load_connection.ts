/**
 * From kubectl's command line to the API server it would ask: reads the kubeconfig files through
 * the host and leaves every decision to the pure files. What is read here is all that the choice of
 * the server rests on (kubeconfigs, variables, the authority's file); tokens, certificates and keys
 * stay where they are until a probe asks for them.
 *
 * @module
 */
import type { Target } from "../target.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { CommandLine, GlobalFlags } from "../../kubectl/argv.ts";
import type { Kubeconfig } from "../../kubeconfig/kubeconfig.ts";
import { KubeconfigError } from "../../kubeconfig/fields.ts";
import { absolutePath } from "../../kubeconfig/location.ts";
import { selectConnection } from "../../kubeconfig/selection.ts";
import { findSelectionFault } from "../../kubeconfig/validation.ts";
import {
  IN_CLUSTER_FILES,
  isDefaultConnection,
  planInClusterTarget,
  planTarget,
} from "../target.ts";
import {
  loadKubeconfig,
  readOrRefuse,
  refusalOf,
  type Refused,
} from "../../kubeconfig/steps/load_kubeconfig.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

export type LoadedConnection =
  | { readonly kind: "target"; readonly target: Target }
  /**
   * kubectl itself will refuse this configuration and say why, or may be the only one to read it.
   */
  | Refused;

/** The parts that do not come from the files. */
export interface ConnectionPolicy {
  /** Whether kuberc's credentialPluginPolicy forbids running this program, its path resolved. */
  readonly forbidsPlugin: (command: string) => boolean;
  /** Milliseconds since the epoch: an id-token is used while it is valid. */
  readonly nowMs: number;
}

/** Never throws for what a file or a flag can say. */
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
 * Does the same with a loaded kubeconfig, for one context after another. Only the authority's file
 * is read.
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
  if (text === undefined) throw new KubeconfigError(`"${path}" does not exist`);
  return text;
}
