/**
 * Describes the time that each tool adds to a kubectl command, in a sentence and in a drawing.
 *
 * @module
 */
import type { Measured } from "./measure.ts";
import { FORMS, INSTALLED, PLACES } from "./rows.ts";

interface Bar {
  readonly tool: string;
  /** "hot" or "cold"; `""` for a tool that remembers nothing. */
  readonly state: "hot" | "cold" | "";
  /** The difference of the minima in milliseconds. */
  readonly addedMs: number;
}

interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 70;
const BAR = 16;
const LINE = 22;

/** Returns the sentence; the README has it as well. */
export function describeDrawing(rows: readonly Measured[]): string {
  const [near] = findGroups(rows);
  const said = (near?.bars ?? []).map(({ tool, state, addedMs }) =>
    `${[tool, state].filter(Boolean).join(", ")}: ${formatMs(addedMs)}`
  );
  return `The time that each adds to \`kubectl get namespaces\` with a server ${PLACES.near}: ${
    said.join("; ")
  }.`;
}

/** Returns an SVG that is readable on a light and on a dark page. */
export function renderDrawing(rows: readonly Measured[]): string {
  const groups = findGroups(rows);
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ addedMs }) => addedMs)), 1);
  const scale = (WIDTH - LEFT - RIGHT) / longest;
  let y = 0;
  let body = "";
  for (const { title, bars } of groups) {
    y += LINE + 12;
    body += `  <text class="title" x="0" y="${y}">${title}</text>\n`;
    y += 10;
    for (const { tool, state, addedMs } of bars) {
      const width = Math.max(addedMs * scale, 1).toFixed(1);
      const middle = y + BAR - 4;
      const label = [tool, state].filter(Boolean).join(", ");
      body += `  <text x="${LEFT - 10}" y="${middle}" text-anchor="end">${label}</text>\n` +
        `  <rect class="${
          state || "other"
        }" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>\n` +
        `  <text x="${(LEFT + Number(width) + 8).toFixed(1)}" y="${middle}">${
          formatMs(addedMs)
        }</text>\n`;
      y += LINE;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${
    y + 10
  }" viewBox="0 0 ${WIDTH} ${
    y + 10
  }" role="img" aria-label="Milliseconds that each adds to a kubectl command">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 }
    .hot { fill: #1a7f37 }
    .cold { fill: #9a6700 }
    .other { fill: #6e7781 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .hot { fill: #3fb950 }
      .cold { fill: #d29922 }
      .other { fill: #8b949e }
    }
  </style>
${body}</svg>
`;
}

function findGroups(rows: readonly Measured[]): readonly Group[] {
  const minimum = (id: string) => rows.find((row) => row.id === id)?.minimum;
  return (Object.keys(PLACES) as (keyof typeof PLACES)[]).map((server) => {
    const alone = minimum(`real-${server}`) ?? NaN;
    const bars: Bar[] = [];
    const add = (tool: string, state: Bar["state"], id: string, own = alone) => {
      const through = minimum(id);
      if (through === undefined) return;
      bars.push({ tool, state, addedMs: Math.max(0, through - own) });
    };
    for (const state of ["hot", "cold"] as const) {
      for (const form of INSTALLED) add(FORMS[form], state, `real-${state}-${server}-${form}`);
    }
    add("Go kuberlr", "", `real-go-${server}`);
    if (server === "near") add("mise's shim", "", "mise", minimum("mise-alone"));
    const title = `Added to a kubectl command of ${formatMs(alone)}, server ${PLACES[server]}`;
    return { title, bars };
  });
}

/**
 * A difference below a millisecond cannot be measured: the minima of two runs differ by as much.
 */
function formatMs(milliseconds: number): string {
  if (milliseconds < 1) return "not measurable";
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}
