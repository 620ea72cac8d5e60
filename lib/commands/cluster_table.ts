/**
 * A row of `kuberlr clusters`, as fields and as cells.
 *
 * @module
 */
import { formatAge } from "./explanation.ts";
import type { Cell, Column, Tone } from "../output/table.ts";

/** The entry of a context in `-o json`. */
export interface ClusterRow {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  readonly status: ClusterStatus;
  /** The server's `gitVersion`. */
  readonly version?: string;
  readonly ageSeconds?: number;
  /**
   * The last day on which upstream supports the server's minor, as known when kuberlr was built.
   */
  readonly endOfLife?: string;
  readonly support?: "supported" | "maintenance" | "ended";
  /** The path of the kubectl that would run; absent if it is not installed. */
  readonly kubectl?: string;
  /** The version that would be downloaded. */
  readonly missing?: string;
  /** kubectl's minor less the server's. */
  readonly skew?: number;
  readonly trouble?: string;
  /**
   * `--check` passes: the server's version is known, and a kubectl inside the window is installed
   * or can be downloaded.
   */
  readonly ok: boolean;
}

export type ClusterStatus = "ok" | "unreachable" | "denied" | "unknown";

export const CLUSTER_COLUMNS: readonly Column[] = [
  { title: "CONTEXT", cut: "middle", minWidth: 12 },
  { title: "STATUS", cut: "never" },
  // If the last digit were cut off, it would look like another patch.
  { title: "VERSION", cut: "end", minWidth: 9 },
  { title: "AGE", cut: "never" },
  { title: "KUBECTL", cut: "never" },
  { title: "SKEW", cut: "never" },
  { title: "END OF LIFE", cut: "never", optional: true },
  { title: "SERVER", cut: "middle", minWidth: 20, wrapBelow: true },
  { title: "TROUBLE", cut: "never", wrapBelow: true },
];

export function cellsOf(row: ClusterRow): readonly Cell[] {
  const { context, status, version = "", ageSeconds, kubectl, missing, skew, server, trouble } =
    row;
  return [
    { text: context },
    { text: status, tone: STATUS_TONES[status] },
    { text: version },
    { text: ageSeconds === undefined ? "" : formatAge(ageSeconds) },
    kubectl !== undefined
      ? { text: versionOf(kubectl) }
      : { text: describeMissing(missing), tone: "odd" },
    { text: skew === undefined ? "" : skew > 0 ? `+${skew}` : String(skew), ...skewTone(skew) },
    endOfLifeCell(row),
    // The scheme is left out to save room; nearly all servers have https.
    { text: server.replace(/^https:\/\//, "") },
    { text: trouble ?? "", tone: "odd" },
  ];
}

function describeMissing(missing: string | undefined): string {
  if (missing === undefined) return "";
  return `${missing === "stable" ? "newest" : missing} missing`;
}

const STATUS_TONES: Readonly<Record<ClusterStatus, Tone>> = {
  ok: "good",
  unreachable: "bad",
  denied: "bad",
  unknown: "odd",
};

function skewTone(skew: number | undefined): { readonly tone?: Tone } {
  return skew === undefined || Math.abs(skew) <= 1 ? {} : { tone: "bad" };
}

function endOfLifeCell({ endOfLife, support }: ClusterRow): Cell {
  if (endOfLife === undefined) return { text: "" };
  return support === "ended"
    ? { text: endOfLife, tone: "bad" }
    : support === "maintenance"
    ? { text: endOfLife, tone: "odd" }
    : { text: endOfLife };
}

/** Returns the version in the kubectl's name, because the path would be too long. */
function versionOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return /^kubectl(\d[\d.]*\d)/.exec(name)?.[1] ?? name;
}
