/**
 * Decides which kubectl runs: a pure function from values to a plan. Its test table is the
 * specification.
 *
 * @module
 */
import type { Pin } from "../config/keys.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import { type Binary, sortBinaries } from "../kubectls/binaries.ts";
import { isInWindow, skewWindow, type Window } from "../version/skew.ts";
import { compareVersions, formatMinor, formatVersion, type Version } from "../version/version.ts";
import { describeCandidates } from "./candidates.ts";
import { describeFit, type Fit, fitFor, fitRules } from "./fit.ts";
import {
  type Decision,
  describeAbsence,
  describeNone,
  describeUnused,
  type Plan,
  planDownload,
  type PlanInput,
  planUse,
  type UnusableKubectls,
} from "./plan.ts";
import { nameOfWanted, oldestOf, parseWanted, satisfies, type Wanted } from "../version/wanted.ts";

/** Returns the plan of the first rule that matches, in the order of the functions below. */
export function planKubectl(input: PlanInput): Decision {
  const { server, config } = input;
  const window = server.source === "unknown" ? undefined : skewWindow(server.version);
  const binaries = sortBinaries(input.binaries);
  const minimum = parseWanted(config.minVersion);
  const oldest = minimum === undefined ? undefined : oldestOf(minimum);
  const allowed = oldest === undefined
    ? binaries
    : binaries.filter(({ version }) => compareVersions(version, oldest) >= 0);
  const fit = fitFor(server, minimum);
  const plan = planPinned(input, binaries, window) ??
    planLocal(input, allowed, fit) ??
    planForServer(input, allowed, fit) ??
    planForUnknownServer(input, allowed);
  const chosen = plan.kind === "use" ? binaries.find(({ path }) => path === plan.path) : undefined;
  const { pin, need, missing } = input;
  const { match } = config;
  const rules = fit === undefined || need.kind !== "server" ? [] : fitRules(fit, match, missing);
  const candidates = describeCandidates(binaries, chosen, { pin, window, oldest, match, rules });
  return { plan, window, candidates };
}

function planPinned(
  { pin, server, config, unusable = [], suffix = "" }: PlanInput,
  binaries: readonly Binary[],
  window: Window | undefined,
): Plan | undefined {
  if (pin === undefined) return undefined;
  const reason = `pinned to "${pin.kubectl}" by ${pin.origin}`;
  if (/[/\\]/.test(pin.kubectl)) {
    return { kind: "use", path: pin.kubectl, version: undefined, reason };
  }
  const wanted = parseWanted(pin.kubectl);
  if (wanted === undefined || wanted.kind === "stable") {
    return {
      kind: "refuse",
      code: "pin-unavailable",
      reason:
        `"${pin.kubectl}" is neither a version nor a path, and ${pin.origin} pins kubectl to it`,
      hint: `Write a version ("1.30.2"), a minor ("1.30") or a path in ${pin.origin}`,
    };
  }
  const found = binaries.find(({ version }) => satisfies(version, wanted));
  const chosen = found === undefined ? wanted : { kind: "exact", version: found.version } as const;
  const warning = warnOutside(chosen, window, server, pin);
  if (found !== undefined) return { ...planUse(found, reason), ...warning };
  if (config.allowDownload) {
    return {
      kind: "download",
      wanted,
      fallback: undefined,
      pinnedBy: pin.origin,
      reason,
      ...warning,
    };
  }
  return {
    kind: "refuse",
    code: "pin-unavailable",
    reason: `kubectl is ${reason}, ${
      describeUnused(unusable.filter(({ version }) => satisfies(version, wanted))) ??
        "it is not installed"
    }, and downloads are not allowed`,
    hint:
      `Allow downloads (AllowDownload), save it in SystemPath as "kubectl${pin.kubectl}${suffix}", or change ${pin.origin}`,
    wanted,
  };
}

function planLocal(
  { need, lastUsed, missing, ...input }: PlanInput,
  binaries: readonly Binary[],
  fit: Fit | undefined,
): Plan | undefined {
  if (need.kind === "server") return undefined;
  const last = binaries.find(({ path }) => path === lastUsed);
  if (last !== undefined) return planUse(last, `${need.reason}; last used with this server`);
  const [newest] = binaries;
  if (newest !== undefined) return planUse(newest, `${need.reason}; the newest available`);
  if (need.kind === "completion") {
    return {
      kind: "refuse",
      code: "no-kubectl",
      reason: `${describeAbsence(input.unusable)}, and completion does not download one`,
      hint: `Run any kubectl command, or "kuberlr get auto", first`,
    };
  }
  const wanted: Wanted = fit === undefined || missing === "minor" ? { kind: "stable" } : fit.wanted;
  return planDownload(wanted, undefined, `${need.reason}; ${describeNone(input)}`, input);
}

function planForServer(
  { missing, ...input }: PlanInput,
  binaries: readonly Binary[],
  fit: Fit | undefined,
): Plan | undefined {
  if (fit === undefined) return undefined;
  const warning = fit.warning === undefined ? {} : { warning: fit.warning };
  const { config, unusable = [] } = input;
  const rules = fitRules(fit, config.match, missing);
  for (const { accepts, reason } of rules) {
    const found = binaries.find(({ version }) => accepts(version));
    if (found !== undefined) return { ...planUse(found, reason), ...warning };
  }
  if (missing === "minor") {
    const why = `which no mirror has, nor any ${formatMinor(fit.version)}`;
    return planForUnpublished(fit.version, why, binaries, input);
  }
  // Kubernetes has no release of another major, and the mirror, which could say so, may not be
  // asked.
  if (!config.allowDownload && fit.version.major !== 1 && binaries.length > 0) {
    const why = "which is not a release of Kubernetes";
    return planForUnpublished(fit.version, why, binaries, input);
  }
  const fitting = unusable.filter(({ version }) => rules.some(({ accepts }) => accepts(version)));
  const unused = describeUnused(fitting);
  const none = `none is ${describeFit(fit.wanted, config.match)}`;
  const reason = unused === undefined ? none : `${none} and can be used (${unused})`;
  const plan = planDownload(fit.wanted, binaries[0], reason, { config, unusable: fitting });
  return { ...plan, ...warning };
}

/**
 * Plans for a server with a version that upstream has not published, which says nothing about the
 * kubectls that fit.
 */
function planForUnpublished(
  server: Version,
  why: string,
  binaries: readonly Binary[],
  input: UnusableKubectls,
): Plan {
  const [newest] = binaries;
  const reason = `server says that it runs ${formatVersion(server)}, ${why}`;
  const taken = newest === undefined ? "the stable kubectl" : formatVersion(newest.version);
  const plan = newest === undefined
    ? planDownload({ kind: "stable" }, undefined, `the ${reason}; ${describeNone(input)}`, input)
    : planUse(newest, `the ${reason}; the newest available`);
  return plan.kind === "refuse" ? plan : { ...plan, warning: `The ${reason}: using ${taken}` };
}

function planForUnknownServer(
  { server, ...input }: PlanInput,
  binaries: readonly Binary[],
): Plan {
  const why = server.source === "unknown" ? server.reason : "";
  const [newest] = binaries;
  if (newest !== undefined) {
    return planUse(newest, `server version unknown (${why}); the newest available`);
  }
  const reason = `server version unknown (${why}); ${describeNone(input)}`;
  return planDownload({ kind: "stable" }, undefined, reason, input);
}

function warnOutside(
  wanted: Wanted,
  window: Window | undefined,
  server: KnownVersion,
  pin: Pin,
): { readonly warning?: string } {
  const version = oldestOf(wanted);
  if (version === undefined || window === undefined || server.source === "unknown") return {};
  if (isInWindow(version, window)) return {};
  return {
    warning: `${nameOfWanted(wanted)}, pinned by ${pin.origin}, is more than one minor ` +
      `from the server's ${formatVersion(server.version)}`,
  };
}
