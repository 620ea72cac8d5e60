/**
 * What `kuberlr clusters` says of each context.
 *
 * @module
 */
import { formatAge } from "./explanation.ts";
import type { Cell, Column, Tone } from "../output/table.ts";

/** What `-o json` prints of each. */
export interface ClusterRow {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  readonly status: ClusterStatus;
  /** As the server put it. */
  readonly version?: string;
  readonly ageSeconds?: number;
  /** The path of what would run; absent where it would be downloaded, or cannot be had. */
  readonly kubectl?: string;
  /** What would be downloaded. */
  readonly missing?: string;
  /** kubectl's minor less the server's. */
  readonly skew?: number;
  readonly trouble?: string;
}

export type ClusterStatus = "ok" | "unreachable" | "denied" | "unknown";

export const CLUSTER_COLUMNS: readonly Column[] = [
  { title: "CONTEXT", cut: "middle", minWidth: 12 },
  { title: "STATUS", cut: "never" },
  // A patch without its last digit would be another.
  { title: "VERSION", cut: "end", minWidth: 9 },
  { title: "AGE", cut: "never" },
  { title: "KUBECTL", cut: "never" },
  { title: "SKEW", cut: "never" },
  { title: "SERVER", cut: "middle", minWidth: 14 },
  { title: "TROUBLE", cut: "never", wrapBelow: true },
];

export function cellsOf(row: ClusterRow): readonly Cell[] {
  const { context, status, version = "", ageSeconds, kubectl, missing, skew, server, trouble } =
    row;
  return [
    { text: context },
    { text: status, tone: TONES[status] },
    { text: version },
    { text: ageSeconds === undefined ? "" : formatAge(ageSeconds) },
    kubectl !== undefined
      ? { text: versionOf(kubectl) }
      : { text: missing === undefined ? "" : `get ${missing}`, tone: "odd" },
    { text: skew === undefined ? "" : skew > 0 ? `+${skew}` : String(skew) },
    // That it is https goes without saying; a narrow terminal has hardly room for the name.
    { text: server.replace(/^https:\/\//, "") },
    { text: trouble ?? "", tone: "odd" },
  ];
}

/** As wide as a row of this context may well become, before its server has answered. */
export function sampleCells(context: string): readonly Cell[] {
  return cellsOf({
    context,
    cluster: "",
    server: "https://0123456789abcdef.example.com:6443",
    status: "unreachable",
    version: "v1.30.10-eks-0123456",
    ageSeconds: 100 * 60,
    kubectl: "get 1.30.10",
    skew: -1,
    trouble: "connection refused",
  });
}

const TONES: Readonly<Record<ClusterStatus, Tone>> = {
  ok: "good",
  unreachable: "bad",
  denied: "bad",
  unknown: "odd",
};

/** The name says the version, and the path would fill the line. */
function versionOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return /^kubectl(\d[\d.]*\d)/.exec(name)?.[1] ?? name;
}
