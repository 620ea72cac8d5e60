/**
 * Writes docs/demo.svg, the animated terminal of the README, from docs/demo.ansi, the output of the
 * demo:
 *
 *     script -qec 'stty cols 80; exec bash -c "deno run -A demo/main.ts 2> >(cat)"' /dev/null |
 *       tr -d '\r' >docs/demo.ansi && deno run -A tools/render_demo.ts
 *
 * The picture shows the acts in {@linkcode PICTURED}. Its lines appear one after the other, by CSS;
 * all at once for readers who prefer reduced motion. Only the colours of the demo are supported;
 * any other escape sequence is an error.
 *
 * @module
 */
const CHARACTER_WIDTH = 7.83;
const LINE_HEIGHT = 18;
const PADDING = 20;
const BAR_HEIGHT = 34;

/**
 * The seconds before a line; before a command and before the first line of an act, it is longer.
 */
const LINE_DELAY = 0.25;
const COMMAND_DELAY = 1.2;

const STYLES: Readonly<Record<string, string>> = {
  "1": "b",
  "2": "d",
  "31": "r",
  "32": "g",
  "33": "y",
  "36": "c",
};

/**
 * The acts of the demo that are shown, by their numbers, and how many of their commands; 0 for the
 * lines after the last command.
 */
const PICTURED: Readonly<Record<string, number>> = { "1": 2, "2": 2, "3": 0, "5": 1 };

/** Returns the picture of a transcript, with `title` in its title bar. */
export function renderTranscript(transcript: string, title: string): string {
  const lines = picturedLines(transcript).map(parseLine);
  const columns = Math.max(...lines.map((runs) => textOf(runs).length));
  const width = Math.ceil(columns * CHARACTER_WIDTH) + 2 * PADDING;
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + PADDING;
  let delay = 0;
  const rows = lines.flatMap((runs, index) => {
    if (runs.length === 0) return [];
    const previous = textOf(lines[index - 1] ?? []);
    delay += /^[$#] /.test(textOf(runs)) && !previous.startsWith("# ") ? COMMAND_DELAY : LINE_DELAY;
    const y = BAR_HEIGHT + (index + 1) * LINE_HEIGHT;
    const style = `animation-delay:${delay.toFixed(2)}s`;
    return [`<text x="${PADDING}" y="${y}" style="${style}">${renderRuns(runs)}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${
    escapeXml(title)
  }">
<style>
svg { --back: #0d1117; --plain: #d0d7de; --bold: #ffffff; --dim: #8b949e; --prompt: #8b949e; --own: #39c5cf; --red: #ff7b72; --green: #7ee787; --yellow: #e3b341 }
@media (prefers-color-scheme: light) { svg { --back: #f6f8fa; --plain: #24292f; --bold: #000000; --dim: #57606a; --prompt: #57606a; --own: #0a6c74; --red: #cf222e; --green: #116329; --yellow: #9a6700 } }
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--plain); white-space: pre; animation: appear 0.2s both }
.title { animation: none; fill: var(--dim) }
.b { font-weight: bold; fill: var(--bold) } .d { fill: var(--dim) } .c { fill: var(--prompt) } .k { fill: var(--own) } .r { fill: var(--red) } .g { fill: var(--green) } .y { fill: var(--yellow) }
@keyframes appear { from { opacity: 0 } to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { text { animation: none } }
</style>
<rect width="${width}" height="${height}" rx="8" style="fill: var(--back)"/>
<circle cx="20" cy="17" r="5" fill="#ff5f57"/><circle cx="38" cy="17" r="5" fill="#febc2e"/><circle cx="56" cy="17" r="5" fill="#28c840"/>
<text class="title" x="${width / 2}" y="21" text-anchor="middle">${escapeXml(title)}</text>
${rows.join("\n")}
</svg>
`;
}

/** Returns the lines of the acts that are shown, with a blank line between two acts. */
function picturedLines(transcript: string): readonly string[] {
  // deno-lint-ignore no-control-regex
  const acts = transcript.split(/\n+(?=\x1b\[1m\d\. )/).slice(1);
  return acts.flatMap((act) => {
    const [heading = "", ...blocks] = act.trimEnd().split("\n\n");
    const number = /\d(?=\. )/.exec(heading)?.[0] ?? "";
    const commands = PICTURED[number];
    if (commands === undefined) return [];
    const shown = (commands === 0 ? blocks.slice(-1) : blocks.slice(0, commands))
      .flatMap((block) => block.split("\n"));
    return [heading.replace(/\d\. /, ""), ...shown, ""];
  }).slice(0, -1);
}

interface StyledRun {
  readonly text: string;
  /** A class of the picture's style sheet; empty for plain text. */
  readonly style: string;
}

function textOf(runs: readonly StyledRun[]): string {
  return runs.map(({ text }) => text).join("");
}

/** Splits a line into runs of one style. Messages of kuberlr have a style of their own. */
function parseLine(line: string): readonly StyledRun[] {
  if (line.startsWith("kuberlr: ")) return [{ text: line, style: "k" }];
  let style = "";
  // deno-lint-ignore no-control-regex
  return line.split(/(\x1b\[\d*m)/).flatMap((part, index) => {
    if (index % 2 === 0) {
      if (part.includes("\x1b")) throw new Error(`Cannot render ${JSON.stringify(part)}`);
      return part === "" ? [] : [{ text: part, style }];
    }
    const code = part.slice(2, -1);
    const known = code === "0" || code === "" ? "" : STYLES[code];
    if (known === undefined) throw new Error(`Cannot render ${JSON.stringify(part)}`);
    style = known;
    return [];
  });
}

function renderRuns(runs: readonly StyledRun[]): string {
  return runs.map(({ text, style }) => {
    const escaped = escapeXml(text);
    return style === "" ? escaped : `<tspan class="${style}">${escaped}</tspan>`;
  }).join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Returns the content of docs/demo.svg. */
export async function renderDemo(): Promise<string> {
  const transcript = await Deno.readTextFile(new URL("../docs/demo.ansi", import.meta.url));
  return renderTranscript(transcript, "npx --yes deno@2.9.6 task demo");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../docs/demo.svg", import.meta.url), await renderDemo());
}
