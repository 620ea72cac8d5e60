/**
 * `kuberlr clusters`: what runs where, and which kubectl each context would be given.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import {
  cellsOf,
  CLUSTER_COLUMNS,
  type ClusterRow,
  type ClusterStatus,
  sampleCells,
} from "./cluster_table.ts";
import type { Config } from "../config/config.ts";
import { KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { findLayout, type Layout } from "../files/layout.ts";
import { findPin } from "../resolver/pins.ts";
import { renderFailure, wantsColor } from "../output/report.ts";
import type { Decision } from "../resolver/resolver.ts";
import { askClusters, type AskedContext } from "./ask_clusters.ts";
import { findBinaries } from "../kubectls/steps/list_binaries.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import { planVerified } from "../resolver/steps/resolve_kubectl.ts";
import { fitTable } from "../output/table.ts";
import { formatVersion } from "../version/version.ts";
import { formatWanted, type Wanted } from "../version/wanted.ts";
import { printJson, printNote, printTable, printWarnings, stdoutStyle } from "./output.ts";

/** @throws {KuberlrError} the kubeconfig is refused; with `--get`: one of the kubectls cannot be had */
export async function clusters({ flags }: CommandRun, host: Host): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  const layout = findLayout(host.platform, host.env);
  const file = flags["kubeconfig"];
  const globals = typeof file === "string" ? { kubeconfig: file } : {};
  const loaded = await loadKubeconfig(globals, host);
  if (loaded.kind === "refused") {
    throw new KuberlrError("config-invalid", `Cannot read the kubeconfig: ${loaded.reason}`, {
      hint: `"kubectl config view" says more`,
    });
  }
  printWarnings(warnings, config, host);
  const json = flags["output"] === "json";
  const live = !json && host.terminal.stdout.isTerminal;
  const contexts = [...loaded.kubeconfig.contexts.keys()];
  const planned = await plannerOf(config, flags["get"] === true, layout, host);
  const show = live ? startTable(contexts, config, host) : undefined;
  const shown: Promise<void>[] = [];
  const asked = await askClusters(
    loaded.kubeconfig,
    globals,
    flags["refresh"] ? "refresh" : "ask",
    config,
    layout,
    (each) => {
      if (show !== undefined) {
        shown.push(planned(each).then((decision) => show(rowOf(each, decision))));
      }
    },
    host,
  );
  await Promise.all(shown);
  const status = flags["get"] ? await fetchMissing(asked, planned, config, layout, host) : 0;
  if (!live) {
    // Once more, for what has been downloaded since.
    const plannedNow = await plannerOf(config, false, layout, host);
    const rows: ClusterRow[] = [];
    for (const each of asked) rows.push(rowOf(each, await plannedNow(each)));
    if (json) printJson(rows, host);
    else printTable(CLUSTER_COLUMNS, rows.map(cellsOf), config, host);
  }
  if (contexts.length === 0) printNote("The kubeconfig has no contexts", config, host);
  return status;
}

type Planner = (asked: AskedContext) => Promise<Decision | undefined>;

async function plannerOf(
  config: Config,
  mayDownload: boolean,
  layout: Layout | undefined,
  host: Host,
): Promise<Planner> {
  const atHand = await findBinaries(config, layout, host);
  return async ({ context, learned }) => {
    if (learned === undefined) return undefined;
    return await planVerified(
      {
        need: { kind: "server" },
        server: learned.known,
        pin: findPin(config.pins, context),
        binaries: atHand.binaries,
        lastUsed: learned.record.lastUsed ?? undefined,
        config: { ...config, allowDownload: config.allowDownload || mayDownload },
      },
      atHand.layout,
      host,
    );
  };
}

function rowOf(
  { context, target, learned, refused }: AskedContext,
  decision?: Decision,
): ClusterRow {
  const known = learned?.known;
  const plan = decision?.plan;
  const kubectl = plan?.kind === "use" ? plan : undefined;
  const missing = plan?.kind === "use" ? undefined : plan?.wanted;
  const trouble = refused ?? troubleOf(learned) ??
    (plan?.kind === "refuse" ? plan.reason : plan?.warning);
  return {
    context,
    cluster: target?.cluster ?? "",
    server: target?.server ?? "",
    status: statusOf(learned),
    ...(known !== undefined && known.source !== "unknown" &&
      { version: known.gitVersion, ageSeconds: known.ageSeconds }),
    ...(kubectl !== undefined && { kubectl: kubectl.path }),
    ...(missing !== undefined && { missing: formatWanted(missing) }),
    ...(known !== undefined && known.source !== "unknown" && kubectl?.version !== undefined &&
      kubectl.version.major === known.version.major &&
      { skew: kubectl.version.minor - known.version.minor }),
    ...(trouble !== undefined && { trouble }),
  };
}

function statusOf(learned: AskedContext["learned"]): ClusterStatus {
  if (learned === undefined) return "unknown";
  const { answer, known, record } = learned;
  if (answer !== undefined) return answer.kind === "version" ? "ok" : answer.kind;
  return known.source === "cache" ? "ok" : record.failure === null ? "unknown" : "unreachable";
}

function troubleOf(learned: AskedContext["learned"]): string | undefined {
  const answer = learned?.answer;
  if (answer !== undefined) return answer.kind === "version" ? undefined : answer.reason;
  return learned?.known.source === "cache" ? undefined : learned?.record.failure ?? undefined;
}

/** On a terminal each line appears as it is known: the widths are set before. */
function startTable(
  contexts: readonly string[],
  config: Config,
  host: Host,
): (row: ClusterRow) => void {
  const { stdout } = host.terminal;
  const table = fitTable(CLUSTER_COLUMNS, contexts.map(sampleCells), stdoutStyle(config, host));
  if (contexts.length > 0) stdout.write(table.head);
  return (row) => stdout.write(table.row(cellsOf(row)) + (table.head === "" ? "\n" : ""));
}

/** Every kubectl once, one progress line each. */
async function fetchMissing(
  asked: readonly AskedContext[],
  planned: Planner,
  config: Config,
  layout: Layout | undefined,
  host: Host,
): Promise<number> {
  const { installKubectl } = await import("../kubectls/steps/install_kubectl.ts");
  const missing = new Map<string, Wanted>();
  for (const each of asked) {
    const plan = (await planned(each))?.plan;
    if (plan?.kind === "download") missing.set(formatWanted(plan.wanted), plan.wanted);
  }
  let status = 0;
  for (const wanted of missing.values()) {
    try {
      const { version, downloaded } = await installKubectl(wanted, config, layout, host);
      if (!downloaded) {
        printNote(`kubectl ${formatVersion(version)} is here already`, config, host);
      }
    } catch (error) {
      if (!(error instanceof KuberlrError)) throw error;
      const { stderr } = host.terminal;
      stderr.write(renderFailure(error, { color: wantsColor(config.color, stderr) }));
      status = error.exitStatus;
    }
  }
  return status;
}
