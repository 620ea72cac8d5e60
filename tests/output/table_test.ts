import { assertEquals } from "@std/assert";
import { renderTable } from "../../lib/output/table.ts";
import { textWidth, truncateText, wrapText } from "../../lib/output/text_width.ts";

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

const WITH_REMARK = [
  { title: "NAME", cut: "middle", minWidth: 12 },
  { title: "SERVER", cut: "middle", minWidth: 10 },
  { title: "REMARK", cut: "never", wrapBelow: true },
] as const;
const REMARKED = [
  [{ text: "a-name-of-more-than-12" }, { text: "10.0.0.1:6443" }, { text: "" }],
  [{ text: "b" }, { text: "b.example.com:6443" }, { text: "connection refused", tone: "odd" }],
] as const;

for (
  const { width, what, want, rows = REMARKED } of [
    {
      width: undefined,
      what: "side by side without a terminal",
      want: "NAME                    SERVER              REMARK\n" +
        "a-name-of-more-than-12  10.0.0.1:6443\n" +
        "b                       b.example.com:6443  connection refused\n",
    },
    {
      width: 64,
      what: "side by side where all fit",
      want: "NAME                    SERVER              REMARK\n" +
        "a-name-of-more-than-12  10.0.0.1:6443\n" +
        "b                       b.example.com:6443  connection refused\n",
    },
    {
      width: 61,
      what: "below, before a column is cut for it",
      want: "NAME                    SERVER\n" +
        "a-name-of-more-than-12  10.0.0.1:6443\n" +
        "b                       b.example.com:6443\n" +
        "  connection refused\n",
    },
    {
      width: 50,
      what: "a short one beside, a long one below",
      rows: [
        [{ text: "a" }, { text: "10.0.0.1:6443" }, { text: "refused" }],
        [{ text: "b" }, { text: "10.0.0.2:6443" }, {
          text: "unknown authority of the certificate",
        }],
      ],
      want: "NAME  SERVER         REMARK\n" +
        "a     10.0.0.1:6443  refused\n" +
        "b     10.0.0.2:6443\n" +
        "  unknown authority of the certificate\n",
    },
    {
      width: 24,
      what: "below on as many lines as it takes",
      want: "NAME          SERVER\n" +
        "a-name…an-12  10.0.…6443\n" +
        "b             b.exa…6443\n" +
        "  connection refused\n",
    },
  ]
) {
  Deno.test(`renderTable() shows a remark whole: ${what}`, () => {
    assertEquals(renderTable(WITH_REMARK, rows, { width, color: false }), want);
  });
}

const WITH_SERVER = [
  { title: "NAME", cut: "never" },
  { title: "SERVER", cut: "middle", minWidth: 12, wrapBelow: true },
  { title: "REMARK", cut: "never", wrapBelow: true },
] as const;

for (
  const { width, what, want } of [
    {
      width: 18,
      what: "cut while enough of it is left",
      want: "NAME  SERVER\nb     b.exam…:6443\n  connection\n  refused\nc     c:1\n",
    },
    {
      width: 17,
      what: "whole and below where it is not",
      want: "NAME\nb\n  b.example.com:6443\n  connection\n  refused\nc\n  c:1\n",
    },
  ]
) {
  Deno.test(`renderTable() shows a name ${what}`, () => {
    const rows = [
      [{ text: "b" }, { text: "b.example.com:6443" }, { text: "connection refused" }],
      [{ text: "c" }, { text: "c:1" }, { text: "" }],
    ] as const;
    assertEquals(renderTable(WITH_SERVER, rows, { width, color: false }), want);
  });
}

for (
  const { width, want } of [
    { width: 28, want: "NAME        END         SIZE\na-long-one  2026-11-21     1\n" },
    { width: 27, want: "NAME        SIZE\na-long-one     1\n" },
    { width: 15, want: "NAME  a-long-one\nEND   2026-11-21\nSIZE  1\n" },
  ]
) {
  Deno.test(`renderTable() leaves an optional column out where that helps: ${width}`, () => {
    const columns = [
      { title: "NAME", cut: "never" },
      { title: "END", cut: "never", optional: true },
      { title: "SIZE", cut: "never" },
    ] as const;
    const rows = [[{ text: "a-long-one" }, { text: "2026-11-21" }, { text: "   1" }]];
    assertEquals(renderTable(columns, rows, { width, color: false }), want);
  });
}

for (
  const { width, want } of [
    { width: 8, want: "NAME\none-two…\n" },
    { width: 7, want: "NAME  one-two-\n      three\n" },
  ]
) {
  Deno.test(`renderTable() leaves a column eight of ${width} columns`, () => {
    const rows = [[{ text: "one-two- three" }]];
    assertEquals(
      renderTable([{ title: "NAME", cut: "end" }], rows, { width, color: false }),
      want,
    );
  });
}

Deno.test("renderTable() wraps a remark below its row", () => {
  const text = "certificate signed by an authority that nobody knows";
  const rows = [[{ text: "c" }, { text: "c:1" }, { text, tone: "odd" }]] as const;
  assertEquals(
    renderTable(WITH_REMARK, rows, { width: 50, color: true }),
    "NAME  SERVER\n" +
      "c     c:1\n" +
      "  \x1b[33mcertificate signed by an authority that nobody\x1b[0m\n" +
      "  \x1b[33mknows\x1b[0m\n",
  );
});

for (
  const { width, want } of [
    { width: 40, want: "NAME  SERVER\na     a:1\n" },
    { width: undefined, want: "NAME  SERVER  REMARK\na     a:1\n" },
  ]
) {
  Deno.test(`renderTable() shows an empty column only without a terminal: ${width ?? "none"}`, () => {
    const rows = [[{ text: "a" }, { text: "a:1" }, { text: "" }]];
    assertEquals(renderTable(WITH_REMARK, rows, { width, color: false }), want);
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

Deno.test("renderTable() moves a short remark below where its title has no room", () => {
  const columns = [
    { title: "PATH", cut: "middle" },
    { title: "VERDICT", cut: "never", wrapBelow: true },
  ] as const;
  const rows = [
    [{ text: "/kubectl1.30.0" }, { text: "taken" }],
    [{ text: "/kubectl1.36.0" }, { text: "outside the skew window" }],
  ] as const;
  const render = (width: number) => renderTable(columns, rows, { width, color: false }).split("\n");
  assertEquals(render(23).slice(0, 2), ["PATH            VERDICT", "/kubectl1.30.0  taken"]);
  assertEquals(render(22).slice(0, 3), ["PATH", "/kubectl1.30.0", "  taken"]);
});
