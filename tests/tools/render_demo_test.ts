import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { renderDemo, renderTranscript } from "../../tools/render_demo.ts";

Deno.test("docs/demo.svg is the picture of docs/demo.ansi", async () => {
  const url = new URL("../../docs/demo.svg", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await renderDemo());
});

Deno.test("docs/demo.ansi is a run that came to its end", async () => {
  const transcript = await Deno.readTextFile(new URL("../../docs/demo.ansi", import.meta.url));
  assertEquals(transcript.split("\x1b[1m").filter((text) => /^\d\. /.test(text)).length, 4);
  assertStringIncludes(transcript, "This HOME is thrown away now.");
});

Deno.test("renderTranscript() keeps colours, spaces and what XML gives a meaning to", () => {
  const picture = renderTranscript('\x1b[36m$\x1b[0m \x1b[1ma < b && "c"\x1b[0m\n\n  d', "e & f");
  assertStringIncludes(
    picture,
    '<tspan class="c">$</tspan> <tspan class="b">a &lt; b &amp;&amp; &quot;c&quot;</tspan>',
  );
  assertStringIncludes(picture, ">  d</text>");
  assertStringIncludes(picture, 'aria-label="e &amp; f"');
});

for (const escape of ["\x1b[31m", "\x1b[2K", "\x1b]0;title\x07"]) {
  Deno.test(`renderTranscript() refuses ${JSON.stringify(escape)}`, () => {
    assertThrows(() => renderTranscript(`a${escape}b`, "t"), Error, "Cannot render");
  });
}

Deno.test("README.md has the text of docs/demo.ansi", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  const plain = (await read("docs/demo.ansi")).split("\x1b").map((part, index) =>
    index === 0 ? part : part.replace(/^\[\d*m/, "")
  ).join("");
  assertStringIncludes(await read("README.md"), plain.trimEnd());
});
