/**
 * The version of the current cluster, and the kubectl that it will be given. Asks the server; its
 * answer is written down.
 *
 * @module
 */
import type { Finding } from "./findings.ts";
import { hintOfRefusal } from "./choose_contexts.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import { scanKubectlArgv } from "../kubectl/argv.ts";
import type { Host } from "../ports/host.ts";
import { type Resolution, resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { nameOfWanted } from "../version/wanted.ts";

const UPGRADE_PAGE = "https://github.com/kuberlr/kuberlr/blob/main/docs/upgraded-clusters.md";

export async function inspectCluster(host: Host): Promise<Finding> {
  const line = scanKubectlArgv(["version"]);
  const before = await resolveKubectl(line, { ask: "recall" }, host);
  const now = await resolveKubectl(
    line,
    { ask: "refresh" },
    host,
  );
  const { server, connection, decision: { plan } } = now;
  if (connection.kind === "refused") {
    return {
      check: "cluster",
      status: "warning",
      finding: connection.isReadOnce
        ? `${connection.reason}: only kubectl reads it`
        : `kubectl will refuse the kubeconfig: ${connection.reason}`,
      hint: await hintOfRefusal({}, host),
    };
  }
  const { target } = connection;
  if (server.source !== "probe") {
    const reason = server.source === "unknown" ? server.reason : "it does not answer";
    const answer = now.learned?.answer;
    const hint = (answer?.kind !== "version" && answer?.hint) ||
      `"kuberlr explain" shows how its kubectl is chosen`;
    return { check: "cluster", status: "warning", finding: `"${target.server}": ${reason}`, hint };
  }
  if (plan.kind === "refuse") {
    return { check: "cluster", status: "error", finding: plan.reason, hint: plan.hint };
  }
  const change = describeChange(before.server, server);
  const upgrade = change === "" ? undefined : `After an upgrade, see ${UPGRADE_PAGE}`;
  const hint = upgrade ?? (plan.warning && `"kuberlr explain" shows how its kubectl is chosen`);
  return {
    check: "cluster",
    status: plan.warning === undefined ? "ok" : "warning",
    finding: `"${target.server}" runs ${server.gitVersion}${change}: ${describePlan(now)}` +
      (plan.warning === undefined ? "" : `; ${plan.warning}`),
    ...(hint !== undefined && { hint }),
  };
}

function describePlan({ decision: { plan } }: Resolution): string {
  return plan.kind === "use"
    ? `"${plan.path}" will run`
    : plan.kind === "download"
    ? `${nameOfWanted(plan.wanted)} will be downloaded`
    : plan.reason;
}

/** `, v1.33.5 until now` where another minor was known of the server. */
function describeChange(before: KnownVersion, now: KnownVersion): string {
  if (before.source === "unknown" || now.source === "unknown") return "";
  const { major, minor } = before.version;
  return major === now.version.major && minor === now.version.minor
    ? ""
    : `, ${before.gitVersion} until now`;
}
