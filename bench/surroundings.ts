/**
 * `deno run -A bench/surroundings.ts`: prints how long kubectl takes in each story of
 * `tests/cli/surroundings_test.ts`, from source and as an executable, as a table for
 * docs/dev/reliability.md. The first command of a story usually downloads a kubectl.
 *
 * @module
 */
import type { Timed } from "../tests/cli/surroundings_test.ts";

const STORIES = "tests/cli/surroundings_test.ts";
/** The arguments that run the stories, by the form of kuberlr. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  source: ["tests/support/run_suite.ts", STORIES],
  executable: ["tests/support/run_built.ts", "compiled", STORIES],
};

async function main(): Promise<number> {
  const rows = new Map<string, string[]>();
  for (const [form, args] of Object.entries(FORMS)) {
    const times = await Deno.makeTempFile();
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", ...args],
      env: { KUBERLR_TEST_TIMES: times },
      stdout: "null",
      stderr: "inherit",
    }).output();
    if (!success) return 1;
    for (const [row, all] of groupTimes(await Deno.readTextFile(times))) {
      rows.set(row, [...rows.get(row) ?? [], `${form} ${describe(all)}`]);
    }
    await Deno.remove(times);
  }
  const lines = [...rows].map(([row, cells]) => `| ${row} | ${cells.join(" | ")} |\n`).toSorted();
  await Deno.stdout.write(new TextEncoder().encode(lines.join("")));
  return 0;
}

function groupTimes(text: string): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const line of text.trim().split("\n")) {
    const { name, who, milliseconds } = JSON.parse(line) as Timed;
    const row = `${name}, ${who}`;
    groups.set(row, [...groups.get(row) ?? [], milliseconds]);
  }
  return groups;
}

/** Returns `0.52 / 0.11`: the seconds of the first command, and the median of the others. */
function describe([first = NaN, ...later]: readonly number[]): string {
  const median = later.toSorted((a, b) => a - b)[Math.floor(later.length / 2)];
  return [first, median].map((ms) => ms === undefined ? "–" : (ms / 1000).toFixed(2)).join(" / ");
}

if (import.meta.main) Deno.exit(await main());
