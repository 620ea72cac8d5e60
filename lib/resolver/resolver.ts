/**
 * Which kubectl: the decision table of the whole tool, as one pure function from facts to a plan. Its test table is
 * the specification.
 *
 * @module
 */
import type { Pin } from "../config/keys.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Need } from "../kubectl/need.ts";
import { type Binary, sortBinaries } from "../kubectls/binaries.ts";
import type { Config } from "../config/config.ts";
import type { ErrorCode } from "../errors.ts";
import { isInWindow, type Minor, skewWindow, type Window } from "../version/skew.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";
import { oldestOf, parseWanted, satisfies, type Wanted } from "../version/wanted.ts";

export interface Facts {
  readonly need: Need;
  readonly server: KnownVersion;
  readonly pin: Pin | undefined;
  readonly binaries: readonly Binary[];
  /** The kubectl that this server was given last. */
  readonly lastUsed: string | undefined;
  readonly config: Pick<Config, "allowDownload" | "useLatestIfNoCompatible">;
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
    /** What runs where the download fails; the failure is said then. */
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
    /** What it would have taken. */
    readonly wanted?: Wanted;
  };

/** One kubectl that was looked at, and why it was or was not taken. */
export interface Candidate extends Binary {
  readonly verdict: string;
}

export interface Decision {
  readonly plan: Plan;
  readonly window: Window | undefined;
  readonly candidates: readonly Candidate[];
}

/** Decides by the first rule that matches, in the order of the functions below. */
export function planKubectl(facts: Facts): Decision {
  const window = facts.server.source === "unknown" ? undefined : skewWindow(facts.server.version);
  const binaries = sortBinaries(facts.binaries);
  const plan = planPinned(facts, binaries, window) ??
    planLocal(facts, binaries) ??
    planForServer(facts, binaries, window) ??
    planForUnknownServer(facts, binaries);
  return { plan, window, candidates: judge(binaries, plan, window) };
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
      reason: `"${pin.kubectl}" is no version and no path, and ${pin.origin} pins kubectl to it`,
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
  { need, server, lastUsed, config }: Facts,
  binaries: readonly Binary[],
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
  const wanted: Wanted = server.source === "unknown"
    ? { kind: "stable" }
    : { kind: "exact", version: server.version };
  return download(wanted, undefined, `${need.reason}; none is installed`, config);
}

function planForServer(
  { server, config }: Facts,
  binaries: readonly Binary[],
  window: Window | undefined,
): Plan | undefined {
  if (server.source === "unknown" || window === undefined) return undefined;
  const { major, minor } = server.version;
  for (const wanted of [minor, minor + 1, minor - 1]) {
    const found = binaries.find(({ version }) =>
      version.major === major && version.minor === wanted
    );
    if (found !== undefined) return use(found, closeness(wanted - minor, server.version));
  }
  const reason = `none within one minor of the server's ${formatVersion(server.version)}`;
  return download({ kind: "exact", version: server.version }, binaries[0], reason, config);
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

/** A download where it is allowed; else the newest at hand where that is allowed; else a refusal. */
function download(
  wanted: Wanted,
  newest: Binary | undefined,
  reason: string,
  config: Facts["config"],
): Plan {
  const orElse = config.useLatestIfNoCompatible ? newest : undefined;
  if (config.allowDownload) return { kind: "download", wanted, orElse, reason };
  if (orElse !== undefined) {
    return {
      ...use(orElse, `${reason}, downloads are not allowed; the newest available`),
      warning: `no kubectl is ${describeFit(wanted)} and downloads are not allowed: using ${
        formatVersion(orElse.version)
      }`,
    };
  }
  return {
    kind: "refuse",
    code: newest === undefined ? "no-kubectl" : "download-forbidden",
    reason: newest === undefined
      ? "no kubectl is installed, and downloads are not allowed"
      : `no installed kubectl is ${describeFit(wanted)}, and downloads are not allowed`,
    hint: newest === undefined
      ? `Allow downloads (AllowDownload), or put a kubectl named like "kubectl1.30.2" into SystemPath`
      : `Allow downloads (AllowDownload), or take the newest at hand (UseLatestIfNoCompatible)`,
    wanted,
  };
}

function describeFit(wanted: Wanted): string {
  return wanted.kind === "exact"
    ? `within one minor of the server's ${formatVersion(wanted.version)}`
    : "available";
}

function closeness(distance: number, server: Version): string {
  const minor = distance === 0
    ? "the server's own minor"
    : distance > 0
    ? "one minor newer than the server"
    : "one minor older than the server";
  return `${minor} (server ${formatVersion(server)}), its newest patch`;
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

function judge(
  binaries: readonly Binary[],
  plan: Plan,
  window: Window | undefined,
): readonly Candidate[] {
  const chosen = plan.kind === "use" ? binaries.find(({ path }) => path === plan.path) : undefined;
  return binaries.map((binary) => {
    const { version } = binary;
    if (binary === chosen) return { ...binary, verdict: "taken" };
    if (window !== undefined && !isInWindow(version, window)) {
      const older = compareVersions(version, firstOf(window.oldest)) < 0;
      return { ...binary, verdict: `outside the skew window: too ${older ? "old" : "new"}` };
    }
    return { ...binary, verdict: chosen === undefined ? "not wanted" : "another fits better" };
  });
}

function firstOf({ major, minor }: Minor): Version {
  return { major, minor, patch: 0, prerelease: [], build: [] };
}
