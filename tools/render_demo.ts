/**
 * docs/demo.svg, the terminal picture of the README, from docs/demo.ansi, which is what the demo has printed:
 *
 *     FORCE_COLOR=1 deno run -A demo/main.ts >docs/demo.ansi 2>&1 && deno run -A tools/render_demo.ts
 *
 * Knows the few colours that the demo uses, and refuses any other escape sequence.
 *
 * @module
 */
const CHARACTER_WIDTH = 7.83;
const LINE_HEIGHT = 18;
const PADDING = 20;
const BAR_HEIGHT = 34;

const STYLES: Readonly<Record<string, string>> = { "1": "b", "2": "d", "36": "c" };

/** The picture of a transcript, with the command that it stands for in its title bar. */
export function renderTranscript(transcript: string, title: string): string {
  const lines = transcript.trimEnd().split("\n").map(parseLine);
  const columns = Math.max(...lines.map((runs) => runs.map(({ text }) => text).join("").length));
  const width = Math.ceil(columns * CHARACTER_WIDTH) + 2 * PADDING;
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + PADDING;
  const rows = lines.flatMap((runs, index) =>
    runs.length === 0 ? [] : [
      `<text x="${PADDING}" y="${BAR_HEIGHT + (index + 1) * LINE_HEIGHT}">${
        runs.map(renderRun).join("")
      }</text>`,
    ]
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${
    escapeXml(title)
  }">
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d0d7de; white-space: pre }
.b { font-weight: bold; fill: #ffffff } .d { fill: #8b949e } .c { fill: #39c5cf }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="17" r="5" fill="#ff5f57"/><circle cx="38" cy="17" r="5" fill="#febc2e"/><circle cx="56" cy="17" r="5" fill="#28c840"/>
<text class="d" x="${width / 2}" y="21" text-anchor="middle">${escapeXml(title)}</text>
${rows.join("\n")}
</svg>
`;
}

interface StyledRun {
  readonly text: string;
  /** A class of the picture's style sheet; empty for plain text. */
  readonly style: string;
}

function parseLine(line: string): readonly StyledRun[] {
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

function renderRun({ text, style }: StyledRun): string {
  const escaped = escapeXml(text);
  return style === "" ? escaped : `<tspan class="${style}">${escaped}</tspan>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** What docs/demo.svg holds. */
export async function renderDemo(): Promise<string> {
  const transcript = await Deno.readTextFile(new URL("../docs/demo.ansi", import.meta.url));
  return renderTranscript(transcript, "npx --yes deno@2.9.6 task demo");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../docs/demo.svg", import.meta.url), await renderDemo());
}
