/**
 * Reports the version of the current cluster, and the kubectl that will run. It asks the server,
 * and the answer is remembered.
 *
 * @module
 */
import type { Finding } from "./findings.ts";
import { hintOfRefusal } from "./choose_contexts.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import { scanKubectlArgv } from "../kubectl/argv.ts";
import type { Failed } from "../mirror/answer.ts";
import type { Host } from "../ports/host.ts";
import { advise, adviseOnRefusal } from "../resolver/steps/advise.ts";
import {
  findPinFault,
  HINT_FOR_PINNED_PATH,
  needsNoMirror,
} from "../resolver/steps/fulfil_plan.ts";
import { type Resolution, resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { nameOfWanted } from "../version/wanted.ts";

const UPGRADE_PAGE = "https://github.com/kuberlr/kuberlr/blob/main/docs/upgraded-clusters.md";

/** The version that was known of the current cluster before, and the resolution after asking it. */
export interface AskedCluster {
  readonly before: KnownVersion;
  readonly now: Resolution;
}

export async function askCluster(host: Host): Promise<AskedCluster> {
  const line = scanKubectlArgv(["version"]);
  const before = await resolveKubectl(line, { ask: "recall" }, host);
  const now = await resolveKubectl(line, { ask: "refresh" }, host);
  return { before: before.server, now };
}

/** @param unreachable why nothing can be downloaded; `undefined` if a mirror answers */
export async function describeCluster(
  { before, now }: AskedCluster,
  unreachable: Unreachable | undefined,
  host: Host,
): Promise<readonly Finding[]> {
  const { server, connection, decision } = now;
  const none = findNoKubectl(now, unreachable, host);
  if (connection.kind === "target" && server.source === "probe") {
    const runs = `"${connection.target.server}" runs ${server.gitVersion}`;
    if (none !== undefined) {
      const finding = `${runs}, and no kubectl can run: ${none.reason}`;
      return [{ check: "cluster", status: "error", finding, ...hintField(none.hint) }];
    }
    const change = describeChange(before, server);
    const warning = decision.plan.kind === "refuse" ? undefined : decision.plan.warning;
    const upgrade = change === "" ? undefined : `After an upgrade, see ${UPGRADE_PAGE}`;
    return [{
      check: "cluster",
      status: warning === undefined ? "ok" : "warning",
      finding: `${runs}${change}: ${describePlan(now)}` +
        (warning === undefined ? "" : `; ${warning}`),
      ...hintField(upgrade ?? (warning && EXPLAIN_HINT)),
    }];
  }
  const answer = now.learned?.answer;
  const isDefault = connection.kind === "target" &&
    connection.target.origins.some(({ what, from }) => what === "server" && from === "default");
  const finding: Pick<Finding, "finding" | "hint"> = connection.kind === "refused"
    ? {
      finding: connection.isReadOnce
        ? `${connection.reason}: only kubectl reads it`
        : `kubectl will refuse the kubeconfig: ${connection.reason}`,
      hint: await hintOfRefusal({}, host),
    }
    : {
      finding: (isDefault ? "No kubeconfig names a server, so kubectl asks " : "") +
        `"${connection.target.server}": ` +
        (server.source === "unknown" ? server.reason : "it does not answer"),
      hint: isDefault
        ? "Name your kubeconfig in KUBECONFIG, or put it at ~/.kube/config"
        : (answer?.kind !== "version" && answer?.hint) || EXPLAIN_HINT,
    };
  return [
    ...(none === undefined ? [] : [
      {
        check: "kubectls",
        status: "error",
        finding: `no kubectl can run: ${none.reason}`,
        ...hintField(none.hint),
      } as const,
    ]),
    { check: "cluster", status: "warning", ...finding },
  ];
}

const EXPLAIN_HINT = `"kuberlr explain" shows how its kubectl is chosen`;

function hintField(hint: string | undefined): Pick<Finding, "hint"> {
  return hint === undefined ? {} : { hint };
}

type Unreachable = Pick<Failed, "reason" | "hint">;

/** Returns why the next command would have no kubectl, with its hint; `undefined` if it has one. */
function findNoKubectl(
  now: Resolution,
  unreachable: Unreachable | undefined,
  host: Host,
): { readonly reason: string; readonly hint: string | undefined } | undefined {
  const { plan } = now.decision;
  switch (plan.kind) {
    case "use": {
      const fault = plan.version === undefined ? findPinFault(plan.path, host) : undefined;
      return fault === undefined ? undefined : {
        reason: `it is ${plan.reason}, and the pinned path ${fault}`,
        hint: HINT_FOR_PINNED_PATH,
      };
    }
    case "refuse":
      return { reason: plan.reason, hint: adviseOnRefusal(plan, now, host) };
    case "download": {
      const { wanted, fallback, pinnedBy } = plan;
      if (unreachable === undefined || fallback !== undefined || needsNoMirror(wanted, now)) {
        return undefined;
      }
      const { reason, hint } = unreachable;
      return {
        reason: `${nameOfWanted(wanted)} is not installed and cannot be downloaded: ${reason}`,
        hint: pinnedBy === undefined ? advise(hint, now, host) : hint,
      };
    }
  }
}

function describePlan({ decision: { plan } }: Resolution): string {
  return plan.kind === "use"
    ? `"${plan.path}" will run`
    : plan.kind === "download"
    ? `${nameOfWanted(plan.wanted)} will be downloaded`
    : plan.reason;
}

/** Returns `, v1.33.5 until now` if the server had another minor before. */
function describeChange(before: KnownVersion, now: KnownVersion): string {
  if (before.source === "unknown" || now.source === "unknown") return "";
  const { major, minor } = before.version;
  return major === now.version.major && minor === now.version.minor
    ? ""
    : `, ${before.gitVersion} until now`;
}
