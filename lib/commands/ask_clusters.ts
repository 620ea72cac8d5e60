/**
 * The servers of every context, asked at the same time. Contexts that share a server share its answer, and a server that
 * denies one of them is asked on behalf of the next.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { endpointIdentity, type Target } from "../connection/connection.ts";
import type { Host } from "../ports/host.ts";
import type { Kubeconfig } from "../kubeconfig/kubeconfig.ts";
import { isPluginForbidden } from "../kuberc/kuberc.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import type { Layout } from "../files/layout.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  loadServerRecord,
  serverRecordPath,
} from "../api_server/steps/learn_version.ts";
import { connectionOf } from "../connection/steps/load_connection.ts";
import { loadKuberc } from "../kuberc/steps/load_kuberc.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { rememberServer } from "../memory/steps/remember_kubectl.ts";

export interface AskedContext {
  readonly context: string;
  /** `undefined` where kubectl would refuse the context. */
  readonly target: Target | undefined;
  readonly learned: LearnedVersion | undefined;
  /** Why kubectl would refuse it. */
  readonly refused: string | undefined;
}

/** Far more than anybody has clusters that hang at the same time: one that does must not hold up the others. */
const MOST_AT_ONCE = 256;
/** Credential plugins are programs, and some of them big. */
const MOST_PLUGINS_AT_ONCE = 16;

/** @param onAnswer called for each context as soon as it is known; never before this has been awaited once */
export async function askClusters(
  kubeconfig: Kubeconfig,
  flags: GlobalFlags,
  mode: AskMode,
  config: Pick<Config, "timeoutSeconds" | "versionTtlSeconds">,
  layout: Layout | undefined,
  onAnswer: (asked: AskedContext) => void,
  host: Host,
): Promise<readonly AskedContext[]> {
  const kuberc = await loadKuberc({ args: [] }, host);
  const policy = {
    forbidsPlugin: (command: string) =>
      kuberc !== undefined && isPluginForbidden(command, kuberc, (name) => lookPath(name, host)),
    nowMs: host.clock.nowMs(),
  };
  const answers = new Map<string, AskedContext>();
  const answer = (asked: AskedContext) => {
    answers.set(asked.context, asked);
    onAnswer(asked);
  };
  const servers = new Map<string, Target[]>();
  for (const context of kubeconfig.contexts.keys()) {
    const connection = connectionOf(kubeconfig, { ...flags, context }, policy, host);
    if (connection.kind === "refused") {
      answer({ context, target: undefined, learned: undefined, refused: connection.reason });
      continue;
    }
    const identity = endpointIdentity(connection.target.endpoint);
    servers.set(identity, [...servers.get(identity) ?? [], connection.target]);
  }
  const ask = async (targets: readonly Target[]) => {
    let learned: LearnedVersion | undefined;
    for (const target of targets) {
      learned = await askServer(target, mode, config, layout, host);
      if (learned.answer?.kind !== "denied") break;
    }
    for (const target of targets) {
      answer({ context: target.context, target, learned, refused: undefined });
    }
  };
  const queue = [...servers.values()];
  const needsPlugin = (targets: readonly Target[]) =>
    targets.some(({ credentials }) => credentials.exec !== undefined);
  await Promise.all([
    forEachAtOnce(queue.filter((targets) => !needsPlugin(targets)), MOST_AT_ONCE, ask),
    forEachAtOnce(queue.filter(needsPlugin), MOST_PLUGINS_AT_ONCE, ask),
  ]);
  return [...kubeconfig.contexts.keys()].flatMap((context) => answers.get(context) ?? []);
}

async function askServer(
  target: Target,
  mode: AskMode,
  config: Pick<Config, "timeoutSeconds" | "versionTtlSeconds">,
  layout: Layout | undefined,
  host: Host,
): Promise<LearnedVersion> {
  const recordPath = serverRecordPath(target, layout, host);
  const record = loadServerRecord(target, recordPath, host);
  // Who looks at all of them wants to know which are down now.
  const settings = { ...config, unreachableTtlSeconds: 0 };
  const learned = await learnVersion(target, record, mode, settings, host);
  rememberServer({ learned, recordPath, need: { kind: "server" } }, undefined, host);
  return learned;
}

async function forEachAtOnce<T>(
  items: readonly T[],
  most: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of waiting) await run(item);
  }));
}
