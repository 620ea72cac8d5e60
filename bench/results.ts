/**
 * What the times say: the ratios that were promised, each beside what it may be at most.
 *
 * @module
 */
import type { DownloadFigures } from "./download.ts";
import { divide, type Measured, subtract, type Times } from "./measure.ts";

export interface Results {
  readonly format: 1;
  /** UTC. */
  readonly date: string;
  readonly deno: string;
  readonly machine: Machine;
  /** Processes that wanted to run, on average over a minute: before and after. */
  readonly load: { readonly before: number; readonly after: number };
  /** Milliseconds. */
  readonly rows: readonly Measured[];
  readonly ratios: readonly Ratio[];
  readonly counts: readonly Count[];
  readonly download: DownloadFigures | null;
  /** Peers that were not measured, and why. */
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

/** By both, unless it says by which; `""` where nothing was promised. */
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
  const added = (through: string, alone: string): Times | undefined => {
    const [a, b] = [find(through), find(alone)];
    return a && b && subtract(a, b);
  };
  const empty = find("empty");
  add("hot, from source / empty", find("hot-source"), empty, 1.5);
  add("hot, single file / empty", find("hot-single"), empty, 1.25);
  add("hot, single file by `deno run -A` / empty", find("hot-plain"), empty, 1.25);
  add("hot, single file by a link named kubectl / empty", find("hot-linked"), empty);
  add("added to a real `version --client` / empty", added("hot-real-local", "real-local"), empty);
  add("added to a real `get namespaces` / empty", added("hot-real", "real"), empty);
  for (const [form, name] of [["source", "from source"], ["single", "single file"]]) {
    const many = find(`hot-5000-${form}`);
    add(`hot, ${name}: 5,000 clusters / 1 cluster`, many, find(`hot-${form}`), 1.1);
  }
  add("server down, known / hot, single file", find("down-again-single"), find("hot-single"));
  add("cold, single file / empty", find("cold-single"), empty);
  add(
    "cold, single file: 5,000 clusters / 1 cluster",
    find("cold-5000-single"),
    find("cold-single"),
  );

  const hot = added("hot-single", "fast");
  add("hot / Go kuberlr's overhead on loopback", hot, added("go-near", "fast"), 0.7);
  add("hot / Go kuberlr's overhead, 50 ms away", hot, added("go-far", "fast"), 0.15);
  add("cold, single file / Go kuberlr cold on loopback", find("cold-single"), find("go-near"), 1.2);
  add("hot / the dispatcher's overhead on loopback", hot, added("dispatcher", "fast"));
  for (const tool of ["asdf", "mise"]) {
    add(`hot / the overhead of ${tool}'s shim`, hot, added(tool, `${tool}-alone`));
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
