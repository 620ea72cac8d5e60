import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { renderDemo, renderTranscript } from "../../tools/render_demo.ts";

Deno.test("docs/demo.svg is the picture of docs/demo.ansi", async () => {
  const url = new URL("../../docs/demo.svg", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await renderDemo());
});

Deno.test("docs/demo.ansi is a run that came to its end", async () => {
  const transcript = await Deno.readTextFile(new URL("../../docs/demo.ansi", import.meta.url));
  assertEquals(transcript.split("\x1b[1m").filter((text) => /^\d\. /.test(text)).length, 5);
  assertStringIncludes(transcript, "The demo's HOME is removed now.");
});

Deno.test("renderTranscript() keeps colours, spaces and what XML gives a meaning to", () => {
  const picture = renderTranscript(
    act('\x1b[36m$\x1b[0m \x1b[1ma < b && "c"\x1b[0m\n  d'),
    "e & f",
  );
  assertStringIncludes(
    picture,
    '<tspan class="c">$</tspan> <tspan class="b">a &lt; b &amp;&amp; &quot;c&quot;</tspan>',
  );
  assertStringIncludes(picture, ">  d</text>");
  assertStringIncludes(picture, 'aria-label="e &amp; f"');
});

Deno.test("renderTranscript() gives what kuberlr says a colour of its own", () => {
  const picture = renderTranscript(act("$ kubectl\nkuberlr: Downloading"), "t");
  assertStringIncludes(picture, '<tspan class="k">kuberlr: Downloading</tspan>');
});

Deno.test("renderTranscript() moves by CSS alone, and not if the reader prefers reduced motion", () => {
  const picture = renderTranscript(act("$ kubectl"), "t");
  assertEquals(picture.includes("<script"), false);
  assertStringIncludes(
    picture,
    "@media (prefers-reduced-motion: reduce) { text { animation: none } }",
  );
});

for (const escape of ["\x1b[35m", "\x1b[2K", "\x1b]0;title\x07"]) {
  Deno.test(`renderTranscript() refuses ${JSON.stringify(escape)}`, () => {
    assertThrows(() => renderTranscript(act(`a${escape}b`), "t"), Error, "Cannot render");
  });
}

/** A transcript whose first act has one command. */
function act(command: string): string {
  return `intro\n\n\x1b[1m1. The pain\x1b[0m\n\n${command}\n`;
}
