/**
 * `kuberlr clusters`: the version of every context's server, and the kubectl that would run.
 *
 * @module
 */
import type { CommandFlags, CommandRun } from "../cli/command_line.ts";
import { cellsOf, CLUSTER_COLUMNS, type ClusterRow } from "./cluster_table.ts";
import type { Config } from "../config/config.ts";
import { KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { findPlaces, type Places } from "../files/steps/find_places.ts";
import { configForContext, findPin } from "../resolver/pins.ts";
import { renderFailure, wantsColor } from "../output/report.ts";
import type { Decision } from "../resolver/plan.ts";
import { askClusters, type AskedContext } from "./ask_clusters.ts";
import { chooseContexts, hintOfUnreadable } from "./choose_contexts.ts";
import { rowOf } from "./cluster_rows.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import { chooseKubectl } from "../resolver/steps/choose_kubectl.ts";
import type { InstallOptions } from "../kubectls/steps/install_kubectl.ts";
import { findMisfit } from "../resolver/fit.ts";
import { formatVersion, type Version } from "../version/version.ts";
import { formatWanted, type Wanted } from "../version/wanted.ts";
import { printJson, printNote, printTable, printWarnings } from "./output.ts";

/**
 * @returns 0; with `--get` the status of a download that failed; with `--check` 1 if a context is
 * not ok
 * @throws {KuberlrError} `config-invalid`: the kubeconfig is refused; `usage`: a glob matches no
 * context
 */
export async function clusters({ flags, operands }: CommandRun, host: Host): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  const kubeconfigFlag = flags["kubeconfig"];
  const globals = typeof kubeconfigFlag === "string" ? { kubeconfig: kubeconfigFlag } : {};
  const loaded = await loadKubeconfig(globals, host);
  if (loaded.kind === "refused") {
    throw new KuberlrError("config-invalid", `Cannot read the kubeconfig: ${loaded.reason}`, {
      hint: hintOfUnreadable(globals, host),
    });
  }
  printWarnings(warnings, config, host);
  const { kubeconfig } = loaded;
  const contexts = chooseContexts([...kubeconfig.contexts.keys()], operands);
  const places = findPlaces(host);
  const asked = await askClusters(
    {
      kubeconfig,
      contexts,
      flags: globals,
      mode: flags["cached"] ? "recall" : "refresh",
      config,
      layout: places.keep,
    },
    (slow) => printNote(describeWait(slow), config, host),
    host,
  );
  const fetched = flags["get"] ? await fetchMissing(asked, { config, places }, host) : 0;
  const planned = plannerOf(config, places, host);
  const today = new Date(host.clock.nowMs()).toISOString().slice(0, 10);
  const rows: ClusterRow[] = [];
  for (const each of asked) rows.push(rowOf(each, await planned(each), today));
  if (flags["output"] === "json") printJson(rows, host);
  else printTable(CLUSTER_COLUMNS, rows.map(cellsOf), config, host);
  if (contexts.length === 0) printNote("The kubeconfig has no contexts", config, host);
  return fetched || checkRows(rows, flags, config, host);
}

function describeWait(contexts: readonly string[]): string {
  const shown = contexts.slice(0, 3).map((context) => `"${context}"`).join(", ");
  const more = contexts.length > 3 ? ` and ${contexts.length - 3} more` : "";
  return `Waiting for the servers of ${shown}${more}`;
}

function checkRows(
  rows: readonly ClusterRow[],
  flags: CommandFlags,
  config: Config,
  host: Host,
): number {
  const bad = rows.filter(({ ok }) => !ok).map(({ context }) => `"${context}"`);
  if (!flags["check"] || bad.length === 0) return 0;
  const { stderr } = host.terminal;
  const message = `${bad.length} of ${rows.length} contexts ${
    bad.length === 1 ? "is" : "are"
  } not ok: ${bad.join(", ")}`;
  stderr.write(renderFailure({ message, hint: undefined }, {
    color: wantsColor(config.color, stderr),
  }));
  return 1;
}

type Planner = (asked: AskedContext) => Promise<Decision | undefined>;

/** Returns the decision for a context, as the next kubectl command would make it. */
function plannerOf(config: Config, places: Places, host: Host): Planner {
  return async ({ context, learned }) => {
    if (learned === undefined) return undefined;
    const special = configForContext(config, context);
    const { decision } = await chooseKubectl(
      {
        need: { kind: "server" },
        server: learned.known,
        pin: findPin(config.pins, context),
        lastUsed: learned.record.lastUsed ?? undefined,
        config: special,
      },
      places,
      host,
    );
    return decision;
  };
}

/**
 * Downloads every missing kubectl once, even with `AllowDownload = false`, because the user has
 * asked for it. Returns 0, or the exit status of the last failure.
 */
async function fetchMissing(
  asked: readonly AskedContext[],
  { config, places }: { readonly config: Config; readonly places: Places },
  host: Host,
): Promise<number> {
  const { installKubectl } = await import("../kubectls/steps/install_kubectl.ts");
  const planned = plannerOf({ ...config, allowDownload: true }, places, host);
  const missing = new Map<string, readonly [Wanted, InstallOptions]>();
  for (const each of asked) {
    const plan = (await planned(each))?.plan;
    if (plan?.kind !== "download") continue;
    const { wanted, pinnedBy } = plan;
    const special = configForContext(config, each.context);
    const options: InstallOptions = {
      insist: true,
      ...(pinnedBy === undefined && {
        findMisfit: (version: Version) => findMisfit(version, wanted, special),
      }),
    };
    const { match, minVersion } = special;
    missing.set([formatWanted(wanted), pinnedBy, match, minVersion].join(" "), [wanted, options]);
  }
  let status = 0;
  for (const [wanted, options] of missing.values()) {
    try {
      const { version, downloaded } = await installKubectl(wanted, config, options, host);
      if (!downloaded) {
        printNote(`kubectl ${formatVersion(version)} is already installed`, config, host);
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
