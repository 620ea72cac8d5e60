import { assertEquals } from "@std/assert";
import {
  renderFailure,
  renderNote,
  renderWarning,
  sanitize,
  wantsColor,
} from "../../lib/output/report.ts";

for (
  const { name, text, want } of [
    { name: "plain words", text: "Über-cluster 日本 🚀", want: "Über-cluster 日本 🚀" },
    { name: "escape sequences", text: "\x1b[2J\x9b31m", want: "\\u{1b}[2J\\u{9b}31m" },
    { name: "line breaks", text: "a\r\nb\u2028c", want: "a\\u{d}\\u{a}b\\u{2028}c" },
    { name: "turned text", text: "a\u202eb\u2066c", want: "a\\u{202e}b\\u{2066}c" },
    { name: "lone surrogates", text: "\ud800x", want: "\\u{d800}x" },
  ]
) {
  Deno.test(`sanitize() shows ${name}`, () => assertEquals(sanitize(text), want));
}

Deno.test("renderFailure() says error and hint, a line each", () => {
  assertEquals(
    renderFailure({ message: "Cannot\nread it", hint: "Try again" }),
    "kuberlr: error: Cannot\\u{a}read it\nkuberlr: hint: Try again\n",
  );
});

Deno.test("renderFailure() colours the label alone", () => {
  assertEquals(
    renderFailure({ message: "No", hint: undefined }, { color: true }),
    "kuberlr: \x1b[1;31merror:\x1b[0m No\n",
  );
});

Deno.test("renderWarning() and renderNote() keep the voice", () => {
  assertEquals(renderWarning("w") + renderNote("n"), "kuberlr: warning: w\nkuberlr: n\n");
});

for (
  const { color, isTerminal, want } of [
    { color: "auto", isTerminal: true, want: true },
    { color: "auto", isTerminal: false, want: false },
    { color: "always", isTerminal: false, want: true },
    { color: "never", isTerminal: true, want: false },
  ] as const
) {
  Deno.test(`wantsColor() is ${want} for ${color} on ${isTerminal ? "a" : "no"} terminal`, () => {
    assertEquals(wantsColor(color, { isTerminal }), want);
  });
}
