/**
 * Makes a row of `kuberlr clusters` from the answer of a context's server and the decision for it.
 *
 * @module
 */
import type { AskedContext } from "./ask_clusters.ts";
import type { ClusterRow, ClusterStatus } from "./cluster_table.ts";
import type { Decision } from "../resolver/plan.ts";
import type { Minor } from "../version/skew.ts";
import { findSupport } from "../version/skew_report.ts";
import { formatMinor, type Version } from "../version/version.ts";
import { formatWanted, type Wanted } from "../version/wanted.ts";

/** @param today for example `2026-11-21`, UTC; support is that of this day */
export function rowOf(
  { context, target, learned, refused }: AskedContext,
  decision: Decision | undefined,
  today: string,
): ClusterRow {
  const known = learned === undefined || learned.known.source === "unknown"
    ? undefined
    : learned.known;
  const plan = decision?.plan;
  const kubectl = plan?.kind === "use" ? plan : undefined;
  const missing = plan?.kind === "use" ? undefined : plan?.wanted;
  const status = statusOf(learned);
  const skew = known === undefined ? undefined : skewOf(kubectl?.version, known.version);
  const chosen = kubectl === undefined ? minorOf(missing) : kubectl.version;
  const distance = known === undefined ? undefined : skewOf(chosen, known.version);
  const trouble = refused ?? troubleOf(learned) ??
    (plan?.kind === "refuse" ? plan.reason : plan?.warning);
  return {
    context,
    cluster: target?.cluster ?? "",
    server: target?.server ?? "",
    status,
    ...(known !== undefined && {
      version: known.gitVersion,
      ageSeconds: known.ageSeconds,
      ...supportOf(known.version, today),
    }),
    ...(kubectl !== undefined && { kubectl: kubectl.path }),
    ...(missing !== undefined && { missing: formatWanted(missing) }),
    ...(skew !== undefined && { skew }),
    ...(trouble !== undefined && { trouble }),
    ok: status === "ok" && plan !== undefined && plan.kind !== "refuse" &&
      (chosen === undefined || (distance !== undefined && Math.abs(distance) <= 1)),
  };
}

/** Returns the minor that would be downloaded; `undefined` if the mirror decides. */
function minorOf(wanted: Wanted | undefined): Minor | undefined {
  if (wanted?.kind === "exact") return wanted.version;
  return wanted?.kind === "minor" ? wanted.minor : undefined;
}

/** Returns `undefined` for a kubectl pinned by its path, and for one of another major. */
function skewOf(kubectl: Minor | undefined, server: Version): number | undefined {
  return kubectl === undefined || kubectl.major !== server.major
    ? undefined
    : kubectl.minor - server.minor;
}

function supportOf(version: Version, today: string): Pick<ClusterRow, "endOfLife" | "support"> {
  const { endOfLife, status } = findSupport(formatMinor(version), today);
  if (endOfLife === undefined || status === "unreleased" || status === "unknown") return {};
  return { endOfLife, support: status };
}

function statusOf(learned: AskedContext["learned"]): ClusterStatus {
  if (learned === undefined) return "unknown";
  const { answer, known, record } = learned;
  if (answer !== undefined) return answer.kind === "version" ? "ok" : answer.kind;
  if (record.failedAs !== null) return record.failedAs;
  return known.source === "unknown" ? "unknown" : "ok";
}

function troubleOf(learned: AskedContext["learned"]): string | undefined {
  if (learned === undefined) return undefined;
  const { answer, known, record } = learned;
  if (answer !== undefined) return answer.kind === "version" ? undefined : answer.reason;
  return record.failure ?? (known.source === "unknown" ? known.reason : undefined);
}
