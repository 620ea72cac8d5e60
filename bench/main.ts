/**
 * `deno task bench`: measures the cost of kuberlr, compared with kubectl alone, an empty Deno
 * program and other tools.
 *
 * ```sh
 * deno task bench                        # prints a table, in about five minutes
 * deno task bench --runs 10 --json FILE  # fewer rounds, and everything as JSON
 * deno task bench --write                # updates docs/dev/benchmarks.md, its drawing and numbers
 * deno task bench --write --note TEXT    # adds a remark about the machine
 * deno task bench --rows REGEX           # only these rows, by their names in the JSON
 * deno task bench --render               # page and drawing again, from the written numbers
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { formatSource } from "../tools/format_source.ts";
import { benchDownload } from "./download.ts";
import { measure, type Row, timeOnce } from "./measure.ts";
import { PAGE_FILES, renderFiles, renderResults } from "./page.ts";
import { findPeers } from "./peers.ts";
import { computeRatios, type Count, judgeCount, type Machine, type Results } from "./results.ts";
import { planRows, planSilence, type Rows } from "./rows.ts";
import { openSetting, type Setting } from "./setting.ts";

const RUNS = 40;
/** The time for the rounds; the work before and after them takes half a minute. */
const BUDGET_SECONDS = 240;
/** kuberlr reads a file that has just changed again, until its time stamp can be trusted. */
const SETTLED_MS = 3_000;

async function main(args: readonly string[]): Promise<number> {
  const options = parseArgs(args, {
    boolean: ["write", "render"],
    string: ["runs", "json", "note", "rows"],
    unknown: (arg) => {
      throw new Error(`Unknown: "${arg}"`);
    },
  });
  const runs = options.runs === undefined ? RUNS : Number(options.runs);
  if (!(runs >= 1)) throw new Error(`Not a number of runs: "${options.runs}"`);
  if (options.render) {
    await writePage(JSON.parse(await Deno.readTextFile(PAGE_FILES.numbers)));
    return 0;
  }
  const results = await run({
    runs,
    note: options.note ?? "",
    only: new RegExp(options.rows ?? ""),
  });
  if (options.json !== undefined) {
    await Deno.writeTextFile(options.json, JSON.stringify(results, undefined, 2) + "\n");
  }
  if (options.write) {
    await Deno.writeTextFile(PAGE_FILES.numbers, JSON.stringify(results, undefined, 2) + "\n");
    await writePage(results);
  }
  await print(await formatSource(renderResults(results), "md"));
  return 0;
}

interface Plan {
  readonly runs: number;
  readonly note: string;
  /** The ids of the rows to measure. */
  readonly only: RegExp;
}

async function run({ runs, note, only }: Plan): Promise<Results> {
  await using setting = await openSetting();
  const planned = await planRows(setting);
  const peers = await findPeers(setting);
  const chosen = ({ id }: Row) => only.test(id);
  const rows = [...planned.all, ...peers.rows].filter(chosen);
  const hot = planned.hot.filter(chosen);
  for (const row of rows) await timeOnce(row);
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  for (const row of hot) await timeOnce(row);

  const before = loadAverage();
  const measured = await measure(rows, { runs, budgetSeconds: BUDGET_SECONDS });
  const counts = await countEverything({ all: rows, hot }, setting);
  const download = await benchDownload(runs < RUNS ? { runs: 1, bytes: 1_000_000 } : {});
  return {
    format: 1,
    date: new Date().toISOString(),
    note,
    deno: Deno.version.deno,
    machine: await describeMachine(),
    load: { before, after: loadAverage() },
    rows: measured,
    ratios: computeRatios(measured, download),
    counts,
    download: download ?? null,
    missing: { ...setting.missing, ...peers.missing },
  };
}

async function writePage(results: Results): Promise<void> {
  const { page, drawing } = await renderFiles(results);
  await Deno.writeTextFile(PAGE_FILES.page, page);
  await Deno.writeTextFile(PAGE_FILES.drawing, drawing);
}

async function countEverything({ all, hot }: Rows, setting: Setting): Promise<readonly Count[]> {
  // A real kubectl opens a connection of its own.
  const quiet = hot.filter(({ id }) => !id.startsWith("real-"));
  const near = all.filter(({ id }) => id === "cold-single");
  return [
    judgeCount("connections of all hot commands", await countConnections(quiet, setting), 0),
    judgeCount("connections of a cold command", await countConnections(near, setting), 1),
    judgeCount("waits on a server that is silent", await countWaits(setting), 1),
  ];
}

async function countConnections(rows: readonly Row[], { api }: Setting): Promise<number> {
  const before = api.connections;
  for (const row of rows) await timeOnce(row);
  return api.connections - before;
}

async function countWaits(setting: Setting): Promise<number> {
  const row = await planSilence(setting);
  for (let command = 0; command < 3; command++) await timeOnce(row);
  return setting.silent.connections;
}

function loadAverage(): number {
  return Deno.loadavg()[0] ?? NaN;
}

async function describeMachine(): Promise<Machine> {
  const { os, arch } = Deno.build;
  let cpu = "unknown processor";
  try {
    const text = await Deno.readTextFile("/proc/cpuinfo");
    cpu = /^model name\s*:\s*(.+)$/m.exec(text)?.[1] ?? cpu;
  } catch {
    // Only Linux has this file.
  }
  return { os, arch, cpu, cores: navigator.hardwareConcurrency };
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
