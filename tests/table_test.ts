import { assertEquals } from "@std/assert";
import { renderTable } from "../lib/table.ts";
import { textWidth, truncateText, wrapText } from "../lib/text_width.ts";

const COLUMNS = [
  { title: "CONTEXT", cut: "end" },
  { title: "STATUS", cut: "never" },
  { title: "KUBECTL", cut: "middle" },
] as const;
const ROWS = [
  [{ text: "東京-prod-クラスタ" }, { text: "ok", tone: "good" }, {
    text: "/home/someone/.kuberlr/linux-amd64/kubectl1.30.2",
  }],
  [{ text: "Zürich 🚀 (e\u0301)" }, { text: "unreachable", tone: "bad" }, { text: "" }],
  [{ text: "evil\x1b[2J\nname" }, { text: "denied", tone: "odd" }, {
    text: "/usr/bin/kubectl1.29.0",
  }],
] as const;

for (const width of [undefined, 120, 60, 44, 24]) {
  Deno.test(`renderTable() fits ${width ?? "no"} columns`, async (t) => {
    const table = renderTable(COLUMNS, ROWS, { width, color: false });
    if (width !== undefined && width >= 44) {
      assertEquals(table.split("\n").filter((line) => textWidth(line) > width), []);
    }
    await t.assertSnapshot(table);
  });
}

Deno.test("renderTable() colours cells without counting the colours", async (t) => {
  await t.assertSnapshot(renderTable(COLUMNS, ROWS, { width: 60, color: true }));
});

Deno.test("renderTable() renders no rows as nothing", () => {
  assertEquals(renderTable(COLUMNS, [], { width: 80, color: true }), "");
});

for (
  const { text, columns, where, want } of [
    { text: "kubectl", columns: 7, where: "end", want: "kubectl" },
    { text: "kubectl", columns: 6, where: "end", want: "kubec…" },
    { text: "kubectl", columns: 5, where: "middle", want: "ku…tl" },
    { text: "日本語", columns: 5, where: "end", want: "日本…" },
    { text: "日本語", columns: 4, where: "end", want: "日…" },
    { text: "👩‍👩‍👧x", columns: 2, where: "end", want: "…" },
    { text: "abc", columns: 1, where: "middle", want: "…" },
    { text: "abc", columns: 0, where: "end", want: "" },
  ] as const
) {
  Deno.test(`truncateText() cuts "${text}" to ${columns} at its ${where}`, () => {
    const cut = truncateText(text, columns, where);
    assertEquals(cut, want);
    assertEquals(textWidth(cut) <= columns, true);
  });
}

Deno.test("wrapText() breaks at spaces and keeps long words whole", () => {
  assertEquals(wrapText("日本 is wide, and-this-word-is-too-long for it", 10), [
    "日本 is",
    "wide,",
    "and-this-word-is-too-long",
    "for it",
  ]);
});
