/**
 * Reports on a Kubernetes version: kubectls, Go modules, client-go, support.
 *
 * Releases from 1.17 on are `v0.X.Y` in the `k8s.io/*` modules. Before, the tag `kubernetes-1.X.Y`
 * names the commit, and client-go had majors of its own.
 *
 * @see https://github.com/kubernetes/client-go#versioning
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-architecture/917-go-modules
 * @module
 */
import {
  CLIENT_GO_MAJORS,
  CLIENT_GO_ROWS,
  CLIENT_GO_TABLE_OF,
  findMinor,
  KNOWN_ON,
} from "./kubernetes_releases.ts";
import { skewWindow } from "./skew.ts";
import { formatTag, type ReleaseString } from "./version_string.ts";

export interface SkewReport {
  readonly input: string;
  /** The release that kubectls are compared with: `1.30.2`. */
  readonly release: string;
  readonly preRelease?: string;
  readonly commitsSinceTag?: number;
  readonly commit?: string;
  readonly dirty: boolean;
  readonly vendor?: string;
  /** The minors in the skew window. */
  readonly kubectl: { readonly oldest: string; readonly newest: string };
  /** The version for `go get k8s.io/client-go@…` and its siblings. */
  readonly goModule: string;
  readonly kubernetesTag: string;
  readonly clientGo: ClientGo;
  readonly support: Support;
}

export interface ClientGo {
  /** client-go's own version, if it differs from that of the other modules. */
  readonly major?: string;
  /** A second tag that some patches before 1.17 have. */
  readonly alsoTagged?: string;
  /** The row of the compatibility table, in words. */
  readonly compatibility: string;
  /** The table's marks by the server's minor; absent if the table has no such row. */
  readonly row?: Readonly<Record<string, string>>;
  readonly tableOf: string;
}

export interface Support {
  readonly status: "supported" | "maintenance" | "ended" | "unreleased" | "unknown";
  readonly released?: string;
  readonly endOfLife?: string;
  /** The newest patch known on that day. */
  readonly newestPatch?: string;
  /** The day on which this was known. */
  readonly knownOn: string;
}

/** Returns the report. @param today `2026-11-21`, in UTC */
export function reportSkew(input: string, version: ReleaseString, today: string): SkewReport {
  const { preRelease, commitsSinceTag, commit, dirty, vendor, patch } = version;
  const window = skewWindow({ ...version, build: [], prerelease: [] });
  return {
    input,
    release: `${minorOf(version)}.${patch}`,
    ...(preRelease !== undefined && { preRelease }),
    ...(commitsSinceTag !== undefined && { commitsSinceTag }),
    ...(commit !== undefined && { commit }),
    dirty,
    ...(vendor !== undefined && { vendor }),
    kubectl: { oldest: minorOf(window.oldest), newest: minorOf(window.newest) },
    goModule: moduleOf(version),
    kubernetesTag: `kubernetes-${formatTag(version)}`,
    clientGo: clientGoOf(version),
    support: findSupport(minorOf(version), today),
  };
}

const FIRST_MINOR_WITH_MODULES = 17;
/** The first patch of a minor that is tagged in both ways. */
const ALSO_TAGGED: Readonly<Record<string, number>> = { "1.15": 7, "1.16": 4 };
/** `kubernetes-1.7.6` is the oldest such tag; written as major, minor and patch in one number. */
const FIRST_KUBERNETES_TAG = 1_007_006;

function minorOf({ major, minor }: { readonly major: number; readonly minor: number }): string {
  return `${major}.${minor}`;
}

function moduleOf(version: ReleaseString): string {
  const { major, minor, patch } = version;
  const tag = formatTag(version);
  if (major === 1 && minor >= FIRST_MINOR_WITH_MODULES) return moduleTag(version);
  return major * 1_000_000 + minor * 1_000 + patch >= FIRST_KUBERNETES_TAG
    ? `kubernetes-${tag}`
    : CLIENT_GO_MAJORS[minorOf(version)] ?? "none";
}

function moduleTag(version: ReleaseString): string {
  return `v${formatTag(version).replace(/^1\./, "0.")}`;
}

function clientGoOf(version: ReleaseString): ClientGo {
  const minor = minorOf(version);
  const row = CLIENT_GO_ROWS[minor];
  const major = version.minor < FIRST_MINOR_WITH_MODULES ? CLIENT_GO_MAJORS[minor] : undefined;
  const marks = row === undefined
    ? undefined
    : Object.fromEntries(row.split(", ").map((cell) => cell.split(" ") as [string, string]));
  return {
    ...(major !== undefined && { major }),
    ...(version.patch >= (ALSO_TAGGED[minor] ?? Infinity) && { alsoTagged: moduleTag(version) }),
    compatibility: marks === undefined ? describeByRule(minor) : describeRow(marks),
    ...(marks !== undefined && { row: marks }),
    tableOf: CLIENT_GO_TABLE_OF,
  };
}

const MEANINGS: readonly (readonly [mark: string, meaning: string])[] = [
  ["✓", "same features and API objects:"],
  ["+-", "common features work, each side may have others:"],
  ["+", "common features work, client-go may have others:"],
  ["-", "common features work, the cluster has others:"],
  ["†", "client-go may have features that the cluster lacks, and lack features that it has:"],
];

function describeRow(marks: Readonly<Record<string, string>>): string {
  return MEANINGS.flatMap(([mark, meaning]) => {
    const servers = Object.keys(marks).filter((server) => marks[server] === mark);
    return servers.length === 0 ? [] : [`${meaning} ${joinRuns(servers)}`];
  }).join("; ");
}

/** The table shows a part of a rule that has held since client-go 2.0. */
function describeByRule(minor: string): string {
  return `no row in the table; by its rule, same features and API objects: ${minor}; ` +
    "common features work, each side may have others: all other minors";
}

/**
 * Returns for example `1.27 to 1.29, 1.31 to 1.34`. The minors are in the table's order, the oldest
 * first.
 */
function joinRuns(minors: readonly string[]): string {
  const runs: string[][] = [];
  for (const minor of minors) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && minorNumber(minor) === minorNumber(last) + 1) {
      run.push(minor);
    } else {
      runs.push([minor]);
    }
  }
  return runs.map((run) => run.length === 1 ? run[0] : `${run[0]} to ${run.at(-1)}`).join(", ");
}

function minorNumber(minor: string): number {
  return Number(minor.split(".")[1]);
}

/**
 * Returns the support of a minor, as known when this was built.
 *
 * @param minor `1.30`
 * @param today `2026-11-21`, in UTC
 */
export function findSupport(minor: string, today: string): Support {
  const dates = findMinor(minor);
  if (dates === undefined) {
    const status = Number(minor.split(".")[0]) === 1 && minorNumber(minor) > 0
      ? "unreleased"
      : "unknown";
    return { status, knownOn: KNOWN_ON };
  }
  const { released, last, maintenance, endOfLife } = dates;
  const status = endOfLife === undefined || today > endOfLife
    ? "ended"
    : maintenance !== undefined && today >= maintenance
    ? "maintenance"
    : "supported";
  return {
    status,
    released,
    ...(endOfLife !== undefined && { endOfLife }),
    newestPatch: last,
    knownOn: KNOWN_ON,
  };
}
