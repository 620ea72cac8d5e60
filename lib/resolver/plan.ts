/**
 * The input of a plan, the kinds of plans, and functions that make them.
 *
 * @module
 */
import type { KnownVersion } from "../api_server/server_record.ts";
import type { Config } from "../config/config.ts";
import type { Pin } from "../config/keys.ts";
import type { ErrorCode } from "../errors.ts";
import type { Need } from "../kubectl/need.ts";
import type { Binary, Unusable } from "../kubectls/binaries.ts";
import type { Window } from "../version/skew.ts";
import { compareVersions, formatVersion, type Version } from "../version/version.ts";
import type { Wanted } from "../version/wanted.ts";
import type { Candidate } from "./candidates.ts";
import { describeFit } from "./fit.ts";

export interface PlanInput {
  readonly need: Need;
  readonly server: KnownVersion;
  readonly pin: Pin | undefined;
  readonly binaries: readonly Binary[];
  /** The installed kubectls that are not used. */
  readonly unusable?: readonly Unusable[];
  /** The path of the kubectl that was last used with this server. */
  readonly lastUsed: string | undefined;
  /** The configuration for the context. */
  readonly config: Pick<
    Config,
    "allowDownload" | "useLatestIfNoCompatible" | "match" | "minVersion"
  >;
  /**
   * The part of the server's version that upstream has not published and no mirror has: its
   * release, or its whole minor.
   */
  readonly missing?: "release" | "minor" | undefined;
  /** The suffix of file names of kubectls; `""` by default. */
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
    /** The kubectl that runs if the download fails; the failure is reported then. */
    readonly fallback: Binary | undefined;
    /** A clause that names the kubectls that fit and are not used, with the reasons. */
    readonly unused?: string | undefined;
    /** The file or variable with the pin that requires this version. */
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

/** Plans to run an installed kubectl. */
export function planUse(
  { path, version }: Binary,
  reason: string,
): Plan & { readonly kind: "use" } {
  return { kind: "use", path, version, reason };
}

/**
 * Plans a download if it is allowed, else the newest installed kubectl if that is allowed, else a
 * refusal.
 */
export function planDownload(
  wanted: Wanted,
  newest: Binary | undefined,
  reason: string,
  { config, unusable = [], suffix = "" }: UnusableKubectls,
): Plan {
  const fallback = config.useLatestIfNoCompatible ? newest : undefined;
  const fits = describeFit(wanted, config.match);
  const unused = describeUnused(unusable);
  if (config.allowDownload) {
    return { kind: "download", wanted, fallback, reason, ...(unused !== undefined && { unused }) };
  }
  if (fallback !== undefined) {
    return {
      ...planUse(fallback, `${reason}, downloads are not allowed; the newest available`),
      warning: `no kubectl is ${fits} and downloads are not allowed: using ${
        formatVersion(fallback.version)
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
      : `Allow downloads (AllowDownload), or run the newest installed kubectl (UseLatestIfNoCompatible)`,
    wanted,
  };
}

/** The kubectls that a plan cannot use, with the reasons. */
export type UnusableKubectls = Pick<PlanInput, "config" | "unusable" | "suffix">;

/** Returns the reason why no kubectl can be used, as a part of a sentence. */
export function describeNone({ unusable }: UnusableKubectls): string {
  return describeUnused(unusable) ?? "none is installed";
}

/** Returns a clause that says that no kubectl can be used. */
export function describeAbsence(unusable: PlanInput["unusable"]): string {
  const unused = describeUnused(unusable);
  return unused === undefined ? "no kubectl is installed" : `no kubectl can be used (${unused})`;
}

/**
 * Names the newest kubectl that is installed and not used, with the reason; `undefined` if there is
 * none.
 */
export function describeUnused(unusable: readonly Unusable[] = []): string | undefined {
  const [newest, ...others] = unusable.toSorted((a, b) => compareVersions(b.version, a.version));
  if (newest === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} more cannot be used either`;
  return `"${newest.path}" ${newest.reason}${more}`;
}
