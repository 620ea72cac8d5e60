/**
 * The decision table of the whole tool: a pure function from facts to a plan. Its test table is the
 * specification.
 *
 * @module
 */
import type { Pin } from "../config/keys.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Need } from "../kubectl/need.ts";
import { type Binary, sortBinaries } from "../kubectls/binaries.ts";
import type { Config } from "../config/config.ts";
import type { ErrorCode } from "../errors.ts";
import { isInWindow, skewWindow, type Window } from "../version/skew.ts";
import { compareVersions, formatMinor, formatVersion, type Version } from "../version/version.ts";
import { type Candidate, describeCandidates } from "./candidates.ts";
import { describeFit, type Fit, fitFor, fitRules } from "./fit.ts";
import { oldestOf, parseWanted, satisfies, type Wanted } from "../version/wanted.ts";

export interface Facts {
  readonly need: Need;
  readonly server: KnownVersion;
  readonly pin: Pin | undefined;
  readonly binaries: readonly Binary[];
  /** The kubectl that this server was given last. */
  readonly lastUsed: string | undefined;
  /** As it is for the context. */
  readonly config: Pick<
    Config,
    "allowDownload" | "useLatestIfNoCompatible" | "match" | "minVersion"
  >;
  /**
   * What the mirrors are known not to have: the server's very release, or its whole minor, which
   * upstream has not published.
   */
  readonly missing?: "release" | "minor" | undefined;
}

export type Plan =
  | {
    readonly kind: "use";
    readonly path: string;
    /** `undefined` for a kubectl pinned by its path. */
    readonly version: Version | undefined;
    readonly reason: string;
    readonly warning?: string;
  }
  | {
    readonly kind: "download";
    readonly wanted: Wanted;
    /** Runs if the download fails; the failure is reported then. */
    readonly orElse: Binary | undefined;
    /** Where the pin is set that wants it. */
    readonly pinnedBy?: string;
    readonly reason: string;
    readonly warning?: string;
  }
  | {
    readonly kind: "refuse";
    readonly code: ErrorCode;
    readonly reason: string;
    readonly hint: string;
    /** The kubectl that would have been downloaded. */
    readonly wanted?: Wanted;
  };

export interface Decision {
  readonly plan: Plan;
  readonly window: Window | undefined;
  readonly candidates: readonly Candidate[];
}

/** Decides by the first rule that matches, in the order of the functions below. */
export function planKubectl(facts: Facts): Decision {
  const { server, config } = facts;
  const window = server.source === "unknown" ? undefined : skewWindow(server.version);
  const binaries = sortBinaries(facts.binaries);
  const minimum = parseWanted(config.minVersion);
  const oldest = minimum === undefined ? undefined : oldestOf(minimum);
  const allowed = oldest === undefined
    ? binaries
    : binaries.filter(({ version }) => compareVersions(version, oldest) >= 0);
  const fit = fitFor(server, minimum);
  const plan = planPinned(facts, binaries, window) ??
    planLocal(facts, allowed, fit) ??
    planForServer(facts, allowed, fit) ??
    planForUnknownServer(facts, allowed);
  const chosen = plan.kind === "use" ? binaries.find(({ path }) => path === plan.path) : undefined;
  const candidates = describeCandidates(binaries, chosen, { window, oldest, match: config.match });
  return { plan, window, candidates };
}

function planPinned(
  { pin, server, config }: Facts,
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
  const warning = warnOutside(found?.version ?? oldestOf(wanted), window, server, pin);
  if (found !== undefined) return { ...use(found, reason), ...warning };
  if (config.allowDownload) {
    return {
      kind: "download",
      wanted,
      orElse: undefined,
      pinnedBy: pin.origin,
      reason,
      ...warning,
    };
  }
  return {
    kind: "refuse",
    code: "pin-unavailable",
    reason: `kubectl is ${reason}, it is not installed, and downloads are not allowed`,
    hint:
      `Allow downloads (AllowDownload), put the file in place as "kubectl${pin.kubectl}", or change ${pin.origin}`,
    wanted,
  };
}

function planLocal(
  { need, lastUsed, config, missing }: Facts,
  binaries: readonly Binary[],
  fit: Fit | undefined,
): Plan | undefined {
  if (need.kind === "server") return undefined;
  const last = binaries.find(({ path }) => path === lastUsed);
  if (last !== undefined) return use(last, `${need.reason}; last used with this server`);
  const [newest] = binaries;
  if (newest !== undefined) return use(newest, `${need.reason}; the newest available`);
  if (need.kind === "completion") {
    return {
      kind: "refuse",
      code: "no-kubectl",
      reason: "no kubectl is installed, and completion downloads none",
      hint: `Run any kubectl command, or "kuberlr get auto", first`,
    };
  }
  const wanted: Wanted = fit === undefined || missing === "minor" ? { kind: "stable" } : fit.wanted;
  return download(wanted, undefined, `${need.reason}; none is installed`, config);
}

function planForServer(
  { config, missing }: Facts,
  binaries: readonly Binary[],
  fit: Fit | undefined,
): Plan | undefined {
  if (fit === undefined) return undefined;
  const warning = fit.warning === undefined ? {} : { warning: fit.warning };
  for (const { accepts, reason } of fitRules(fit, config.match, missing)) {
    const found = binaries.find(({ version }) => accepts(version));
    if (found !== undefined) return { ...use(found, reason), ...warning };
  }
  if (missing === "minor") return planForUnpublished(fit.version, binaries, config);
  const reason = `none is ${describeFit(fit.wanted, config.match)}`;
  return { ...download(fit.wanted, binaries[0], reason, config), ...warning };
}

/** A version that upstream has not published says nothing about which kubectl fits. */
function planForUnpublished(
  server: Version,
  binaries: readonly Binary[],
  config: Facts["config"],
): Plan {
  const [newest] = binaries;
  const text = formatVersion(server);
  const reason = `the server says that it runs ${text}, which no mirror has, nor any ${
    formatMinor(server)
  }`;
  const taken = newest === undefined ? "the stable kubectl" : formatVersion(newest.version);
  const plan = newest === undefined
    ? download({ kind: "stable" }, undefined, `${reason}; none is installed`, config)
    : use(newest, `${reason}; the newest available`);
  return plan.kind === "refuse" ? plan : {
    ...plan,
    warning: `The server says that it runs ${text}, which no mirror has, nor any ${
      formatMinor(server)
    }: using ${taken}`,
  };
}

function planForUnknownServer({ server, config }: Facts, binaries: readonly Binary[]): Plan {
  const why = server.source === "unknown" ? server.reason : "";
  const [newest] = binaries;
  if (newest !== undefined) {
    return use(newest, `server version unknown (${why}); the newest available`);
  }
  const reason = `server version unknown (${why}); none is installed`;
  return download({ kind: "stable" }, undefined, reason, config);
}

function use({ path, version }: Binary, reason: string): Plan & { readonly kind: "use" } {
  return { kind: "use", path, version, reason };
}

/**
 * Plans a download where it is allowed, else the newest installed where that is allowed, else a
 * refusal.
 */
function download(
  wanted: Wanted,
  newest: Binary | undefined,
  reason: string,
  config: Facts["config"],
): Plan {
  const orElse = config.useLatestIfNoCompatible ? newest : undefined;
  const fits = describeFit(wanted, config.match);
  if (config.allowDownload) return { kind: "download", wanted, orElse, reason };
  if (orElse !== undefined) {
    return {
      ...use(orElse, `${reason}, downloads are not allowed; the newest available`),
      warning: `no kubectl is ${fits} and downloads are not allowed: using ${
        formatVersion(orElse.version)
      }`,
    };
  }
  return {
    kind: "refuse",
    code: newest === undefined ? "no-kubectl" : "download-forbidden",
    reason: newest === undefined
      ? "no kubectl is installed, and downloads are not allowed"
      : `no installed kubectl is ${fits}, and downloads are not allowed`,
    hint: newest === undefined
      ? `Allow downloads (AllowDownload), or put a kubectl named like "kubectl1.30.2" into SystemPath`
      : `Allow downloads (AllowDownload), or take the newest installed (UseLatestIfNoCompatible)`,
    wanted,
  };
}

function warnOutside(
  version: Version | undefined,
  window: Window | undefined,
  server: KnownVersion,
  pin: Pin,
): { readonly warning?: string } {
  if (version === undefined || window === undefined || server.source === "unknown") return {};
  if (isInWindow(version, window)) return {};
  return {
    warning: `kubectl ${formatVersion(version)}, pinned by ${pin.origin}, is more than one minor ` +
      `from the server's ${formatVersion(server.version)}`,
  };
}
