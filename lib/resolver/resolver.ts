/**
 * The decision table of the whole tool: a pure function from facts to a plan. Its test table is the
 * specification.
 *
 * @module
 */
import type { Pin } from "../config/keys.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Need } from "../kubectl/need.ts";
import { type Binary, sortBinaries, type Unusable } from "../kubectls/binaries.ts";
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
  /** The kubectls that are there and not used. */
  readonly unusable?: readonly Unusable[];
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
  /** Of the names of kubectls; none if absent. */
  readonly suffix?: "" | ".exe";
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
  { pin, server, config, unusable = [], suffix = "" }: Facts,
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
    reason: `kubectl is ${reason}, ${
      describeUnused(unusable.filter(({ version }) => satisfies(version, wanted))) ??
        "it is not installed"
    }, and downloads are not allowed`,
    hint:
      `Allow downloads (AllowDownload), put the file in place as "kubectl${pin.kubectl}${suffix}", or change ${pin.origin}`,
    wanted,
  };
}

function planLocal(
  { need, lastUsed, missing, ...facts }: Facts,
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
      reason: `${describeAbsence(facts.unusable)}, and completion downloads none`,
      hint: `Run any kubectl command, or "kuberlr get auto", first`,
    };
  }
  const wanted: Wanted = fit === undefined || missing === "minor" ? { kind: "stable" } : fit.wanted;
  return download(wanted, undefined, `${need.reason}; ${describeNone(facts)}`, facts);
}

function planForServer(
  { missing, ...facts }: Facts,
  binaries: readonly Binary[],
  fit: Fit | undefined,
): Plan | undefined {
  if (fit === undefined) return undefined;
  const warning = fit.warning === undefined ? {} : { warning: fit.warning };
  const { config, unusable = [] } = facts;
  const rules = fitRules(fit, config.match, missing);
  for (const { accepts, reason } of rules) {
    const found = binaries.find(({ version }) => accepts(version));
    if (found !== undefined) return { ...use(found, reason), ...warning };
  }
  if (missing === "minor") return planForUnpublished(fit.version, binaries, facts);
  const fitting = unusable.filter(({ version }) => rules.some(({ accepts }) => accepts(version)));
  const unused = describeUnused(fitting);
  const none = `none is ${describeFit(fit.wanted, config.match)}`;
  const reason = unused === undefined ? none : `${none} and can be used (${unused})`;
  const plan = download(fit.wanted, binaries[0], reason, { config, unusable: fitting });
  return { ...plan, ...warning };
}

/** A version that upstream has not published says nothing about which kubectl fits. */
function planForUnpublished(
  server: Version,
  binaries: readonly Binary[],
  facts: Installed,
): Plan {
  const [newest] = binaries;
  const text = formatVersion(server);
  const reason = `the server says that it runs ${text}, which no mirror has, nor any ${
    formatMinor(server)
  }`;
  const taken = newest === undefined ? "the stable kubectl" : formatVersion(newest.version);
  const plan = newest === undefined
    ? download({ kind: "stable" }, undefined, `${reason}; ${describeNone(facts)}`, facts)
    : use(newest, `${reason}; the newest available`);
  return plan.kind === "refuse" ? plan : {
    ...plan,
    warning: `The server says that it runs ${text}, which no mirror has, nor any ${
      formatMinor(server)
    }: using ${taken}`,
  };
}

function planForUnknownServer(
  { server, ...facts }: Facts,
  binaries: readonly Binary[],
): Plan {
  const why = server.source === "unknown" ? server.reason : "";
  const [newest] = binaries;
  if (newest !== undefined) {
    return use(newest, `server version unknown (${why}); the newest available`);
  }
  const reason = `server version unknown (${why}); ${describeNone(facts)}`;
  return download({ kind: "stable" }, undefined, reason, facts);
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
  { config, unusable = [], suffix = "" }: Installed,
): Plan {
  const orElse = config.useLatestIfNoCompatible ? newest : undefined;
  const fits = describeFit(wanted, config.match);
  const unused = describeUnused(unusable);
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
    reason: `${
      newest === undefined
        ? describeAbsence(unusable)
        : `no installed kubectl is ${fits}${
          unused === undefined ? "" : ` and can be used (${unused})`
        }`
    }, and downloads are not allowed`,
    hint: unused !== undefined
      ? `"kuberlr doctor" says what helps; or allow downloads (AllowDownload)`
      : newest === undefined
      ? `Allow downloads (AllowDownload), or put a kubectl named like "kubectl1.30.2${suffix}" into SystemPath`
      : `Allow downloads (AllowDownload), or take the newest installed (UseLatestIfNoCompatible)`,
    wanted,
  };
}

/** What is known of the kubectls that a plan cannot take. */
type Installed = Pick<Facts, "config" | "unusable" | "suffix">;

function describeNone({ unusable }: Installed): string {
  return describeUnused(unusable) ?? "none is installed";
}

function describeAbsence(unusable: Facts["unusable"]): string {
  const unused = describeUnused(unusable);
  return unused === undefined ? "no kubectl is installed" : `no kubectl can be used (${unused})`;
}

/** Names the newest kubectl that is there and not used, with the reason; `undefined` for none. */
function describeUnused(unusable: readonly Unusable[] = []): string | undefined {
  const [newest, ...others] = unusable.toSorted((a, b) => compareVersions(b.version, a.version));
  if (newest === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} more cannot be used either`;
  return `"${newest.path}" ${newest.reason}${more}`;
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
