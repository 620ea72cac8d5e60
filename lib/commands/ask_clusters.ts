/**
 * Asks the servers of several contexts at the same time. Contexts that share a server share its
 * answer, and a server that denies one of them is asked on behalf of the next.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { endpointIdentity } from "../connection/endpoint.ts";
import type { Target } from "../connection/target.ts";
import type { Host } from "../ports/host.ts";
import type { Kubeconfig } from "../kubeconfig/kubeconfig.ts";
import { isPluginForbidden } from "../kuberc/kuberc.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import type { Layout } from "../files/layout.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  readEntry,
} from "../api_server/steps/learn_version.ts";
import { connectionOf } from "../connection/steps/load_connection.ts";
import { loadKuberc } from "../kuberc/steps/load_kuberc.ts";
import { lookPath } from "../files/steps/look_path.ts";

export interface Fleet {
  readonly kubeconfig: Kubeconfig;
  /** Names of contexts, each in the kubeconfig. */
  readonly contexts: readonly string[];
  /** Of the command line: they hold for every context. */
  readonly flags: GlobalFlags;
  readonly mode: Extract<AskMode, "refresh" | "recall">;
  readonly config: Pick<Config, "timeoutSeconds" | "versionTtlSeconds" | "unreachableTtlSeconds">;
  readonly layout: Layout | undefined;
}

export interface AskedContext {
  readonly context: string;
  /** `undefined` where kubectl would refuse the context. */
  readonly target: Target | undefined;
  readonly learned: LearnedVersion | undefined;
  /** Why kubectl would refuse it. */
  readonly refused: string | undefined;
}

/** Higher than the number of clusters that ever hang, so they do not block the others. */
const MAX_AT_ONCE = 256;
/** Credential plugins are programs, and some of them are big. */
const MAX_PLUGINS_AT_ONCE = 16;
/** After so long on the way, in milliseconds, a note says which contexts are waited for. */
const PATIENCE_MS = 2_000;

/**
 * @param onWait called with the contexts that have no answer yet, when some of them have been
 * waited for for two seconds
 * @returns in the order of `contexts`
 */
export async function askClusters(
  fleet: Fleet,
  onWait: (contexts: readonly string[]) => void,
  host: Host,
): Promise<readonly AskedContext[]> {
  const { kubeconfig, contexts, flags } = fleet;
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
      learned = await askServer(target, fleet, host);
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
    PATIENCE_MS,
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
  { mode, config, layout }: Fleet,
  host: Host,
): Promise<LearnedVersion> {
  const settings = { ...config, quiet: true };
  const entry = readEntry(target, host);
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
