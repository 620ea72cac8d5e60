import { assertEquals } from "@std/assert";
import { textWidth, truncateText, wrapText } from "../../lib/output/text_width.ts";

const WIDTHS: readonly [text: string, width: number][] = [
  ["kubectl", 7],
  ["日本", 4],
  ["e\u0301", 1],
  ["👩‍👩‍👧", 2],
  ["", 0],
];
for (const [text, width] of WIDTHS) {
  Deno.test(`textWidth() of ${JSON.stringify(text)} is ${width}`, () => {
    assertEquals(textWidth(text), width);
  });
}

const CUT: readonly [text: string, columns: number, where: "end" | "middle", want: string][] = [
  ["production", 10, "end", "production"],
  ["production", 5, "end", "prod…"],
  ["production", 5, "middle", "pr…on"],
  ["production", 1, "end", "…"],
  ["production", 0, "end", ""],
  ["日本語", 4, "end", "日…"],
  ["a👩‍👩‍👧b", 3, "end", "a…"],
];
for (const [text, columns, where, want] of CUT) {
  Deno.test(`truncateText() cuts ${text} to ${columns} at the ${where}: "${want}"`, () => {
    assertEquals(truncateText(text, columns, where), want);
  });
}

Deno.test("wrapText() breaks at spaces, and leaves words whole", () => {
  assertEquals(wrapText("one two three incomprehensibilities x", 9), [
    "one two",
    "three",
    "incomprehensibilities",
    "x",
  ]);
});
