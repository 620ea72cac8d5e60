/**
 * Resolves a command line to a decision. Wrapper mode, `which`, `explain`, `doctor` and `get auto`
 * call this.
 *
 * @module
 */
import type { KnownVersion } from "../../api_server/server_record.ts";
import type { Binary } from "../../kubectls/binaries.ts";
import type { LoadedConfig } from "../../config/config.ts";
import type { Host } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { applyKuberc, isPluginForbidden } from "../../kuberc/kuberc.ts";
import type { Layout } from "../../files/layout.ts";
import { findPlaces, type Places } from "../../files/steps/find_places.ts";
import { findNeed, type Need } from "../../kubectl/need.ts";
import { configForContext, findPin } from "../pins.ts";
import type { Decision } from "../plan.ts";
import { chooseKubectl, type Circumstances } from "./choose_kubectl.ts";
import { parseRequestTimeout } from "../../kubectl/request_timeout.ts";
import { type Trace, traceReadings } from "../../readings/steps/trace.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  readEntryFingerprint,
  serverRecordPath,
} from "../../api_server/steps/learn_version.ts";
import { endpointIdentity } from "../../connection/endpoint.ts";
import { loadConnection, type LoadedConnection } from "../../connection/steps/load_connection.ts";
import { loadConfig } from "../../config/steps/load_config.ts";
import { loadKuberc } from "../../kuberc/steps/load_kuberc.ts";
import { lookPath } from "../../files/steps/look_path.ts";

export interface Resolution {
  /** The command line, with kuberc's defaults and aliases applied. */
  readonly line: CommandLine;
  readonly need: Need;
  /** The settings. `config` is the configuration for the context. */
  readonly settings: LoadedConfig;
  readonly connection: LoadedConnection;
  /** The place for new files; `undefined` if there is none. */
  readonly layout: Layout | undefined;
  /** The places that were searched for kubectls. */
  readonly places: Places;
  readonly server: KnownVersion;
  readonly binaries: readonly Binary[];
  /** The input of the decision, without the kubectls. */
  readonly circumstances: Circumstances;
  readonly decision: Decision;
  /** The server's version as learned; `undefined` if there is no server to ask. */
  readonly learned: LearnedVersion | undefined;
  readonly recordPath: string | undefined;
  /**
   * True if there is a kuberc, so that the decision depends on the command, not only on its flags.
   */
  readonly perCommand: boolean;
  /** All readings, except those of credentials and of the server's record. */
  readonly trace: Trace;
  /** The stages in the order in which they ran, with their durations. */
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly name: "configuration" | "kubeconfig" | "server version" | "kubectls";
  readonly milliseconds: number;
}

export interface ResolveOptions {
  /**
   * The way to learn the server's version if the command needs a server. Local commands never ask.
   */
  readonly ask: AskMode;
  /**
   * The version that an earlier resolution of this command has learned. The server is not asked
   * again.
   */
  readonly learned?: LearnedVersion | undefined;
  /** The reason why no server is looked for. The server's version is unknown then. */
  readonly skipServer?: string | undefined;
}

/**
 * Returns the resolution of a command line. @throws {KuberlrError} `config-invalid`; no other
 * failure of a user, a network or a disk
 */
export async function resolveKubectl(
  commandLine: CommandLine,
  options: ResolveOptions,
  host: Host,
): Promise<Resolution> {
  const trace = traceReadings(host.clock.nowMs, host);
  const traced: Host = { ...host, ...trace.host };
  const stages: Stage[] = [];
  let startedMs = host.clock.monotonicMs();
  const finish = (name: Stage["name"]) => {
    const nowMs = host.clock.monotonicMs();
    stages.push({ name, milliseconds: nowMs - startedMs });
    startedMs = nowMs;
  };

  const loaded = await loadConfig({ ...traced, untraced: host });
  const found = findPlaces(host);
  // A memo has to notice when the home directory becomes usable again. While it is usable, its
  // checks are not needed in the memo.
  if (found.homeFault !== undefined) findPlaces(traced);
  const layout = found.keep;
  finish("configuration");

  const { skipServer } = options;
  const kuberc = skipServer === undefined ? await loadKuberc(commandLine, traced) : undefined;
  const line = kuberc === undefined ? commandLine : applyKuberc(commandLine, kuberc);
  const need = findNeed(line, traced.env);
  const connection: LoadedConnection = skipServer === undefined
    ? await loadConnection(line, {
      forbidsPlugin: (command) =>
        kuberc !== undefined &&
        isPluginForbidden(command, kuberc, (name) => lookPath(name, traced)),
      nowMs: host.clock.nowMs(),
    }, traced)
    : { kind: "refused", reason: skipServer };
  const target = connection.kind === "target" ? connection.target : undefined;
  const context = target?.context ?? "";
  const config = configForContext(loaded.config, context);
  finish("kubeconfig");

  const recordPath = target && serverRecordPath(endpointIdentity(target.endpoint), layout, host);
  const learned = options.learned ?? (target && await learnVersion({
    target,
    entry: readEntryFingerprint(target, traced),
    mode: need.kind === "server" ? options.ask : "recall",
    layout,
    config,
    requestTimeoutSeconds: parseRequestTimeout(line.globals["request-timeout"] ?? ""),
  }, host));
  const server = learned?.known ?? unknownServer(connection);
  finish("server version");

  const circumstances: Circumstances = {
    need,
    server,
    pin: findPin(config.pins, context),
    lastUsed: learned?.record.lastUsed ?? undefined,
    config,
  };
  const { decision, binaries, places } = await chooseKubectl(circumstances, found, traced);
  finish("kubectls");

  return {
    line,
    need,
    settings: { ...loaded, config },
    connection,
    layout,
    places,
    server,
    binaries,
    circumstances,
    decision,
    learned,
    recordPath,
    perCommand: kuberc !== undefined,
    trace,
    stages,
  };
}

/** kubectl will refuse the configuration and say why, so there is no server to ask. */
function unknownServer(connection: LoadedConnection): KnownVersion {
  const reason = connection.kind === "refused" ? connection.reason : "nothing is known of it";
  return { source: "unknown", reason };
}
