/**
 * Computes ratios from the times, and compares them with their bounds.
 *
 * @module
 */
import type { DownloadFigures } from "./download.ts";
import { divide, type Measured, subtract, type Times } from "./measure.ts";

export interface Results {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** A remark about the machine. */
  readonly note: string;
  readonly deno: string;
  readonly machine: Machine;
  /** The load average of one minute, before and after. */
  readonly load: { readonly before: number; readonly after: number };
  /** Milliseconds. */
  readonly rows: readonly Measured[];
  readonly ratios: readonly Ratio[];
  readonly counts: readonly Count[];
  readonly download: DownloadFigures | null;
  /** Forms and peers that were not measured, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly os: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cores: number;
}

export interface Ratio extends Times {
  readonly name: string;
  readonly atMost: number | null;
  readonly verdict: Verdict;
}

/** "met" means by minimum and median; `""` if there is no bound. */
export type Verdict = "met" | "met by the minimum" | "met by the median" | "missed" | "";

export interface Count {
  readonly name: string;
  readonly count: number;
  readonly atMost: number;
  readonly verdict: Verdict;
}

export function computeRatios(
  rows: readonly Measured[],
  download: DownloadFigures | undefined,
): readonly Ratio[] {
  const find = (id: string): Times | undefined => rows.find((row) => row.id === id);
  const ratios: Ratio[] = [];
  const add = (name: string, a: Times | undefined, b: Times | undefined, atMost?: number) => {
    if (a !== undefined && b !== undefined) ratios.push(judge(name, divide(a, b), atMost));
  };
  const [empty, fast] = [find("empty"), find("fast")];
  const addedTo = (id: string, alone = fast): Times | undefined => {
    const through = find(id);
    return through && alone && subtract(through, alone);
  };
  const launcher = addedTo("hot-launcher");
  if (launcher) ratios.push(judge("milliseconds that the launcher adds", launcher, 3));
  add("hot, the launcher / Go kuberlr's overhead on loopback", launcher, addedTo("go-near"), 0.25);
  add("hot, the launcher / Go kuberlr's overhead, 50 ms away", launcher, addedTo("go-far"));
  add("hot, single file / empty", find("hot-single"), empty, 1.6);
  add("hot, executable / empty", find("hot-executable"), find("empty-executable"), 1.6);
  add("hot, single file by a link named kubectl / empty", find("hot-linked"), empty);
  add("hot, from source / empty", find("hot-source"), empty);
  for (const form of ["launcher", "single"]) {
    const name = `hot, ${form === "single" ? "single file" : "the launcher"}`;
    add(`${name}: 5,000 clusters / 1 cluster`, find(`hot-5000-${form}`), find(`hot-${form}`), 1.1);
  }
  add("server down, known / hot, single file", find("down-again-single"), find("hot-single"));
  const request = addedTo("request", empty);
  for (
    const [form, alone] of [["single", empty], ["executable", find("empty-executable")]] as const
  ) {
    const allowed = alone && request && {
      minimum: 3 * alone.minimum + request.minimum,
      median: 3 * alone.median + request.median,
    };
    const name = form === "single" ? "single file" : form;
    add(`cold, ${name} / 3 empty programs and one request`, find(`cold-${form}`), allowed, 1);
  }
  add(
    "cold, 5,000 clusters / 1 cluster, single file",
    find("cold-5000-single"),
    find("cold-single"),
  );
  add("cold, single file / Go kuberlr on loopback", find("cold-single"), find("go-near"));
  add("hot, the launcher / the dispatcher's overhead", launcher, addedTo("dispatcher"));
  for (const tool of ["asdf", "mise"]) {
    add(
      `hot, the launcher / the overhead of ${tool}'s shim`,
      launcher,
      addedTo(tool, find(`${tool}-alone`)),
    );
  }
  if (download !== undefined) {
    ratios.push(judge("download / `curl && sha512sum`", download.ratio, 1.3));
    ratios.push(judge("download / `curl && sha512sum && sync`", download.ratioSynced));
  }
  return ratios;
}

export function judgeCount(name: string, count: number, atMost: number): Count {
  return { name, count, atMost, verdict: count <= atMost ? "met" : "missed" };
}

function judge(name: string, { minimum, median }: Times, atMost?: number): Ratio {
  return {
    name,
    minimum,
    median,
    atMost: atMost ?? null,
    verdict: atMost === undefined
      ? ""
      : minimum > atMost
      ? (median <= atMost ? "met by the median" : "missed")
      : median <= atMost
      ? "met"
      : "met by the minimum",
  };
}
