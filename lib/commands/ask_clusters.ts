/**
 * Asks the servers of several contexts at the same time. Contexts of one server share its answer.
 * If the server denies the request of one context, it is asked with the credentials of the next.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { endpointIdentity } from "../connection/endpoint.ts";
import type { Target } from "../connection/target.ts";
import { LONG_WAIT_MS } from "../output/report.ts";
import type { Host } from "../ports/host.ts";
import type { Kubeconfig } from "../kubeconfig/kubeconfig.ts";
import { isPluginForbidden } from "../kuberc/kuberc.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import type { Layout } from "../files/layout.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  readEntryFingerprint,
} from "../api_server/steps/learn_version.ts";
import { connectionOf } from "../connection/steps/load_connection.ts";
import { loadKuberc } from "../kuberc/steps/load_kuberc.ts";
import { lookPath } from "../files/steps/look_path.ts";

export interface ClustersRequest {
  readonly kubeconfig: Kubeconfig;
  /** The names of contexts of the kubeconfig. */
  readonly contexts: readonly string[];
  /** The flags of the command line, for every context. */
  readonly flags: GlobalFlags;
  readonly mode: Extract<AskMode, "refresh" | "recall">;
  readonly config: Pick<Config, "timeoutSeconds" | "versionTtlSeconds" | "unreachableTtlSeconds">;
  readonly layout: Layout | undefined;
}

export interface AskedContext {
  readonly context: string;
  /** `undefined` if kubectl would refuse the context. */
  readonly target: Target | undefined;
  readonly learned: LearnedVersion | undefined;
  /** Why kubectl would refuse it. */
  readonly refused: string | undefined;
}

/** So high that clusters that hang do not block the others. */
const MAX_AT_ONCE = 256;
/** Every plugin is a process, and some need much memory. */
const MAX_PLUGINS_AT_ONCE = 16;

/**
 * Asks the servers of all contexts.
 *
 * @param onWait called once with the contexts that have no answer, if there are some after two
 * seconds
 * @returns the answers in the order of `contexts`
 */
export async function askClusters(
  request: ClustersRequest,
  onWait: (contexts: readonly string[]) => void,
  host: Host,
): Promise<readonly AskedContext[]> {
  const { kubeconfig, contexts, flags } = request;
  const kuberc = await loadKuberc({ args: [] }, host);
  const policy = {
    forbidsPlugin: (command: string) =>
      kuberc !== undefined && isPluginForbidden(command, kuberc, (name) => lookPath(name, host)),
    nowMs: host.clock.nowMs(),
  };
  const answers = new Map<string, AskedContext>();
  const servers = new Map<string, Target[]>();
  for (const context of contexts) {
    const connection = connectionOf(kubeconfig, { ...flags, context }, policy, host);
    if (connection.kind === "refused") {
      const { reason } = connection;
      answers.set(context, { context, target: undefined, learned: undefined, refused: reason });
      continue;
    }
    const identity = endpointIdentity(connection.target.endpoint);
    servers.set(identity, [...servers.get(identity) ?? [], connection.target]);
  }
  const ask = async (targets: readonly Target[]) => {
    let learned: LearnedVersion | undefined;
    for (const target of targets) {
      learned = await askServer(target, request, host);
      if (learned.answer?.kind !== "denied") break;
    }
    for (const target of targets) {
      const { context } = target;
      answers.set(context, { context, target, learned, refused: undefined });
    }
  };
  const queue = [...servers.values()];
  const needsPlugin = (targets: readonly Target[]) =>
    targets.some(({ credentials }) => credentials.exec !== undefined);
  using _note = host.clock.later(
    LONG_WAIT_MS,
    () => onWait(contexts.filter((context) => !answers.has(context))),
  );
  await Promise.all([
    forEachAtOnce(queue.filter((targets) => !needsPlugin(targets)), MAX_AT_ONCE, ask),
    forEachAtOnce(queue.filter(needsPlugin), MAX_PLUGINS_AT_ONCE, ask),
  ]);
  return contexts.flatMap((context) => answers.get(context) ?? []);
}

async function askServer(
  target: Target,
  { mode, config, layout }: ClustersRequest,
  host: Host,
): Promise<LearnedVersion> {
  const settings = { ...config, quiet: true };
  const entry = readEntryFingerprint(target, host);
  return await learnVersion({ target, entry, mode, layout, config: settings }, host);
}

async function forEachAtOnce<T>(
  items: readonly T[],
  max: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, async () => {
    for (const item of waiting) await run(item);
  }));
}
