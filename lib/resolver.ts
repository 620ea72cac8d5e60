/**
 * Which kubectl: the decision table of the whole tool, as one pure function from facts to a plan. Its test table is
 * the specification.
 *
 * @module
 */
import type { ServerAnswer } from "./api_version.ts";
import { type Binary, sortBinaries } from "./binaries.ts";
import type { Config, Pin } from "./config.ts";
import type { ErrorCode } from "./errors.ts";
import { isInWindow, type Minor, skewWindow, type Window } from "./skew.ts";
import {
  compareVersions,
  formatMinor,
  formatVersion,
  isSameVersion,
  parseVersion,
  type Version,
} from "./version.ts";

/** What the command needs of a server. */
export type Need =
  /** It will talk to one. */
  | { readonly kind: "server" }
  /** It will not; any kubectl serves. The reason names the rule. */
  | { readonly kind: "local"; readonly reason: string }
  /** `__complete*`: must not wait for anything, a download least of all. */
  | { readonly kind: "completion"; readonly reason: string };

/** A server's version and how it came to be known. */
export type KnownVersion =
  | {
    readonly source: "probe" | "cache" | "stale";
    readonly version: Version;
    /** As the server put it. */
    readonly gitVersion: string;
    readonly ageSeconds: number;
  }
  | { readonly source: "unknown"; readonly reason: string };

export interface Facts {
  readonly need: Need;
  readonly server: KnownVersion;
  readonly pin: Pin | undefined;
  readonly binaries: readonly Binary[];
  /** The kubectl that this server was given last. */
  readonly lastUsed: string | undefined;
  readonly config: Pick<Config, "allowDownload" | "useLatestIfNoCompatible">;
}

/** What is to be fetched: this release, or the newest patch of a minor, or the mirror's `stable.txt`. */
export type Wanted =
  | { readonly kind: "exact"; readonly version: Version }
  | { readonly kind: "minor"; readonly minor: Minor }
  | { readonly kind: "stable" };

export type Plan =
  | {
    readonly kind: "use";
    readonly path: string;
    readonly version: Version | undefined;
    readonly reason: string;
    readonly warning?: string;
  }
  | {
    readonly kind: "download";
    readonly wanted: Wanted;
    /** What runs where the download fails; the failure is said then. */
    readonly orElse: Binary | undefined;
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
