/**
 * One command line, from its words to a decision: the line that wrapper mode, `which`, `explain`,
 * `clusters` and `get auto` all follow.
 *
 * @module
 */
import type { KnownVersion } from "../../api_server/server_record.ts";
import type { Binary } from "../../kubectls/binaries.ts";
import type { LoadedConfig } from "../../config/config.ts";
import type { Host } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { applyKuberc, isPluginForbidden } from "../../kuberc/kuberc.ts";
import { findLayout, isInOwnFolder, type Layout } from "../../files/layout.ts";
import { findNeed, type Need } from "../../kubectl/need.ts";
import { configForContext, findPin } from "../pins.ts";
import type { Candidate } from "../candidates.ts";
import { type Decision, type Facts, planKubectl } from "../resolver.ts";
import { parseRequestTimeout } from "../../kubectl/request_timeout.ts";
import { type Trace, traceReadings } from "../../readings/steps/trace.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  readEntry,
  serverRecordPath,
} from "../../api_server/steps/learn_version.ts";
import { findBinaries } from "../../kubectls/steps/list_binaries.ts";
import { loadConnection, type LoadedConnection } from "../../connection/steps/load_connection.ts";
import { loadConfig } from "../../config/steps/load_config.ts";
import { loadKuberc } from "../../kuberc/steps/load_kuberc.ts";
import { lookPath } from "../../files/steps/look_path.ts";
import { findMissing, type MissingSettings } from "./missing_release.ts";
import { findObjection, findSystemObjection } from "../../kubectls/steps/verify_installed.ts";

export interface Resolution {
  /** With the defaults and aliases of kuberc applied. */
  readonly line: CommandLine;
  readonly need: Need;
  /** The configuration is the one for the context. */
  readonly settings: LoadedConfig;
  readonly connection: LoadedConnection;
  readonly layout: Layout | undefined;
  readonly server: KnownVersion;
  readonly binaries: readonly Binary[];
  /** The facts behind the decision. */
  readonly facts: Facts & { readonly config: MissingSettings };
  readonly decision: Decision;
  /** The version learned from the server, and the path of its record. */
  readonly learned: LearnedVersion | undefined;
  readonly recordPath: string | undefined;
  /**
   * Whether the words of the command, and not only its flags, had a say: kuberc has defaults for
   * commands.
   */
  readonly perCommand: boolean;
  /** Everything that was read to get here, credentials and the server's record excepted. */
  readonly trace: Trace;
  /** How long each stage took, in milliseconds, in the order in which they ran. */
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly name: "configuration" | "kubeconfig" | "server version" | "kubectls";
  readonly milliseconds: number;
}

export interface ResolveOptions {
  /**
   * How the server's version may be learned where the command needs one. Local commands never ask.
   */
  readonly ask: AskMode;
  /**
   * The version that an earlier resolution of the same command has learned. The server is not asked
   * again.
   */
  readonly learned?: LearnedVersion | undefined;
}

/**
 * @throws {KuberlrError} `config-invalid`; nothing else that a user, a network or a disk can cause
 */
export async function resolveKubectl(
  commandLine: CommandLine,
  options: ResolveOptions,
  host: Host,
): Promise<Resolution> {
  const trace = traceReadings(host.clock.nowMs, host);
  const world: Host = { ...host, ...trace.host };
  const stages: Stage[] = [];
  let startedMs = host.clock.monotonicMs();
  const finish = (name: Stage["name"]) => {
    const nowMs = host.clock.monotonicMs();
    stages.push({ name, milliseconds: nowMs - startedMs });
    startedMs = nowMs;
  };

  const loaded = await loadConfig(world);
  const layout = findLayout(world.platform, world.env);
  finish("configuration");

  const kuberc = await loadKuberc(commandLine, world);
  const line = kuberc === undefined ? commandLine : applyKuberc(commandLine, kuberc);
  const need = findNeed(line, world.env);
  const connection = await loadConnection(line, {
    forbidsPlugin: (command) =>
      kuberc !== undefined && isPluginForbidden(command, kuberc, (name) => lookPath(name, world)),
    nowMs: host.clock.nowMs(),
  }, world);
  const target = connection.kind === "target" ? connection.target : undefined;
  const context = target?.context ?? "";
  const config = configForContext(loaded.config, context);
  finish("kubeconfig");

  const recordPath = target && serverRecordPath(target, layout, host);
  const learned = options.learned ?? (target && await learnVersion({
    target,
    entry: readEntry(target, world),
    mode: need.kind === "server" ? options.ask : "recall",
    layout,
    config,
    requestTimeoutSeconds: parseRequestTimeout(line.globals["request-timeout"] ?? ""),
  }, host));
  const server = learned?.known ?? unknownServer(connection);
  finish("server version");

  const atHand = await findBinaries(config, layout, host, world);
  const facts = {
    need,
    server,
    pin: findPin(config.pins, context),
    binaries: atHand.binaries,
    lastUsed: learned?.record.lastUsed ?? undefined,
    config,
  };
  const decision = await planVerified(facts, atHand.layout, world);
  finish("kubectls");

  return {
    line,
    need,
    settings: { ...loaded, config },
    connection,
    layout,
    server,
    binaries: atHand.binaries,
    facts,
    decision,
    learned,
    recordPath,
    perCommand: kuberc !== undefined,
    trace,
    stages,
  };
}

/**
 * The plan without kubectls that are no longer what was installed, or that others can write, and
 * without a download of a release that the mirrors were found not to have.
 */
export async function planVerified(
  facts: Facts & { readonly config: MissingSettings },
  layout: Layout | undefined,
  host: Host,
): Promise<Decision> {
  const distrusted: Candidate[] = [];
  for (let { binaries, missing } = facts;;) {
    const decision = planKubectl({ ...facts, binaries, missing });
    const { plan } = decision;
    if (missing === undefined) {
      missing = findMissing(plan, facts.config, layout, host);
      if (missing !== undefined) continue;
    }
    const chosen = plan.kind === "use"
      ? binaries.find(({ path }) => path === plan.path)
      : undefined;
    const objection = chosen === undefined
      ? undefined
      : layout !== undefined && isInOwnFolder(chosen.path, layout, host)
      ? await findObjection(chosen, layout, host)
      : findSystemObjection(chosen.path, host);
    if (chosen === undefined || objection === undefined) {
      return { ...decision, candidates: [...decision.candidates, ...distrusted] };
    }
    distrusted.push({ ...chosen, verdict: objection, isDistrusted: true });
    binaries = binaries.filter((binary) => binary !== chosen);
  }
}

/** kubectl will refuse the configuration and say why, so there is no server to ask. */
function unknownServer(connection: LoadedConnection): KnownVersion {
  const reason = connection.kind === "refused" ? connection.reason : "nothing is known of it";
  return { source: "unknown", reason };
}
