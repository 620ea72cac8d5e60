/**
 * Renders the results: as tables for a terminal, and as docs/dev/benchmarks.md.
 *
 * @module
 */
import { formatSource } from "../tools/format_source.ts";
import { describeDrawing, renderDrawing } from "./drawing.ts";
import type { Results } from "./results.ts";

/** Returns Markdown; formatted by `deno fmt`, it is readable on a terminal as well. */
export function renderResults(results: Results): string {
  const { counts, ratios, rows, missing } = results;
  return `${
    table(["", "minimum", "median", "at most", ""], [
      ...ratios.map((
        { name, minimum, median, atMost, verdict },
      ) => [name, minimum.toFixed(2), median.toFixed(2), atMost?.toString() ?? "", verdict]),
      ...counts.map((
        { name, count, atMost, verdict },
      ) => [name, `${count}`, `${count}`, `${atMost}`, verdict]),
    ])
  }
${Object.entries(missing).map(([peer, why]) => `- ${peer} was not measured: ${why}.`).join("\n")}

Milliseconds of whole processes:

${
    table(
      ["", "minimum", "median", "runs"],
      rows.map((
        { name, minimum, median, runs },
      ) => [name, minimum.toFixed(1), median.toFixed(1), `${runs}`]),
    )
  }`;
}

/** The page, its drawing, and the numbers of both. */
export const PAGE_FILES = {
  page: new URL("../docs/dev/benchmarks.md", import.meta.url),
  drawing: new URL("../docs/dev/benchmarks.svg", import.meta.url),
  numbers: new URL("../docs/dev/benchmarks.json", import.meta.url),
} as const;

export async function renderFiles(
  results: Results,
): Promise<{ readonly page: string; readonly drawing: string }> {
  const page = await formatSource(renderPage(results), "md");
  return { page, drawing: renderDrawing(results.rows) };
}

function renderPage(results: Results): string {
  const { date, deno, machine, load, note } = results;
  return `# Benchmarks

${describeDrawing(results.rows)}

![The time that each adds to a kubectl command](benchmarks.svg)

Written by \`deno task bench --write\`; do not edit it by hand. These are the numbers of one run on
one machine. Expect similar ratios on other machines, and other milliseconds.

${
    date.slice(0, 10)
  }, Deno ${deno}, ${machine.os}/${machine.arch}, ${machine.cpu}, ${machine.cores} cores,
shared with others; load average ${load.before.toFixed(1)} at the beginning, ${
    load.after.toFixed(1)
  } at the end. ${note}

## How it is measured

Whole processes are timed, from \`Deno.Command\` to their end; nothing is read from them. Every round
runs each row once, in a shuffled order, so that a disturbance hits all rows. The minimum is the
real cost, the median is what a user of this machine gets. The first row of the second table is the
cost of measuring, and is included in every number.

A "hot" command follows a memo. A "cold" one has an installed kubectl, and neither a memo nor a
record of the server. Unless a row names a real kubectl, the kubectl does nothing (\`/bin/true\`), so
all the time is kuberlr's. "Empty" is \`deno run\` of an empty file with the flags of the single file. A
server that is 50 ms away is behind a relay that delays every byte by 25 ms each way, and the first
byte by another 50 ms, because opening a connection is a round trip, too.

The single file starts fast because Deno keeps a code cache of it. An executable has no such cache,
because Deno would put it where every user can write. So it holds the program as modules, and a
command loads only those that it needs.

## Ratios

${renderResults(results)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const rule = head.map((_, index) => index === 0 || index === head.length - 1 ? "---" : "--:");
  return [head, rule, ...rows].map(line).join("");
}
