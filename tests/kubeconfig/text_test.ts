import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readKubeconfig } from "../../lib/kubeconfig/kubeconfig.ts";
import { readCluster, readContext, readUser } from "../../lib/kubeconfig/entries.ts";
import { KubeconfigError } from "../../lib/kubeconfig/fields.ts";
import {
  firstDocument,
  parseKubeconfigBytes,
  parseKubeconfigText,
} from "../../lib/kubeconfig/text.ts";
import { LINUX } from "../support/fake_host.ts";

for (
  const { name, text, want } of [
    { name: "nothing", text: "", want: null },
    { name: "blanks", text: " \n\n", want: null },
    { name: "comments alone", text: "# a\n# b\n", want: null },
    { name: "null", text: "null\n", want: null },
    { name: "a separator alone", text: "---", want: null },
    { name: "an empty first document", text: "---\n---\na: b\n", want: null },
    { name: "a leading separator", text: "# x\n\n---\na: b\n", want: { a: "b" } },
    { name: "content beside the separator", text: "--- {a: b}\n---\nc", want: { a: "b" } },
    { name: "nothing after the first document", text: "a: b\n---\nbad: [", want: { a: "b" } },
    { name: "nothing after the end", text: "a: b\n...\nbad: [", want: { a: "b" } },
    { name: "separators in the middle of a line", text: "a: b --- c\n", want: { a: "b --- c" } },
    { name: "longer rows of dashes", text: "a: b\n----: c\n", want: { a: "b", "----": "c" } },
    { name: "an indented separator", text: "a: |\n  x\n  ---\n  y\n", want: { a: "x\n---\ny\n" } },
    { name: "directives", text: "%YAML 1.1\n---\na: b\n", want: { a: "b" } },
    { name: "lone carriage returns", text: "a: b\r---\rc: d\r", want: { a: "b" } },
    { name: "CRLF", text: "a: b\r\n---\r\nc: d\r\n", want: { a: "b" } },
    { name: "the last of two keys", text: "a: [x]\na: [y]\n", want: { a: ["y"] } },
    { name: "dates as text", text: "a: 2020-01-01\n", want: { a: "2020-01-01" } },
    { name: "times as text", text: "a: 12:30:45\n", want: { a: "12:30:45" } },
    { name: "JSON", text: '{"a": [1, "x"], "b": null,}', want: { a: [1, "x"], b: null } },
  ]
) {
  Deno.test(`parseKubeconfigText() reads ${name}`, () => {
    assertEquals(parseKubeconfigText(text), want);
  });
}

for (
  const { name, bytes } of [
    { name: "UTF-8", bytes: [...new TextEncoder().encode("a: é")] },
    { name: "UTF-8 with a byte order mark", bytes: [...new TextEncoder().encode("\uFEFFa: é")] },
    { name: "UTF-16LE", bytes: [0xff, 0xfe, 0x61, 0, 0x3a, 0, 0x20, 0, 0xe9, 0] },
    { name: "UTF-16BE", bytes: [0xfe, 0xff, 0, 0x61, 0, 0x3a, 0, 0x20, 0, 0xe9] },
  ]
) {
  Deno.test(`parseKubeconfigBytes() reads ${name}`, () => {
    assertEquals(parseKubeconfigBytes(Uint8Array.from(bytes)), { a: "é" });
  });
}

for (
  const [name, text, want] of [
    ["control characters", "a: b\nc: \u0001\n", "not YAML (line 2)"],
    ["tabs as indentation", "a:\n\tb: c\n", "not YAML: tabs as indentation"],
    [
      "tabs after spaces as indentation",
      'a:\n  b: c\n  \t"d": e\n',
      "not YAML: tabs as indentation",
    ],
    ["tabs as indentation of a list", "a:\n\t- b\n", "not YAML: tabs as indentation"],
    ["a list that is not closed", "a: [b\n", "not YAML (line 2)"],
    ["an unknown alias", "a: *b\n", "not YAML (line 1)"],
    ["an unknown alias that looks like a place", "a: *b(9:9)\n", "not YAML (line 1)"],
    [
      "a wrong line after tags",
      "a: !!binary |\n  aGk\n  =\nb: !x 1\nc: d: e\n",
      "not YAML (line 5)",
    ],
    ["a merge of a text", "<<: a\n", "not YAML: a merge key's value is not a mapping"],
    ["a merge of itself", "a: &a\n  <<: *a\n", "not YAML: a value contains itself"],
  ] as const
) {
  Deno.test(`parseKubeconfigText() refuses ${name}`, () => {
    const error = assertThrows(() => parseKubeconfigText(text), KubeconfigError);
    assertEquals(error.message, want);
  });
}

Deno.test("parseKubeconfigText() refuses nesting without end", () => {
  assertThrows(() => parseKubeconfigText("[".repeat(200_000)), KubeconfigError, "not YAML");
});

for (
  const [name, text, want] of [
    ["JSON", '{\n\t"a": {\n\t\t"b": "c"\n\t}\n}\n', { a: { b: "c" } }],
    ["a list in brackets", "a: [\n\tb,\n\tc\n ]\n", { a: ["b", "c"] }],
    ["a block scalar", "a: |\n  b:\n  \tc: d\n", { a: "b:\n\tc: d\n" }],
    ["a quoted text", 'a: "b\n\tc: d"\n', { a: "b c: d" }],
    ["a comment", "a: b\n\t# c: d\n", { a: "b" }],
    ["an empty line", "a: b\n\t\nc: d\n", { a: "b", c: "d" }],
  ] as const
) {
  Deno.test(`parseKubeconfigText() reads tabs in ${name}`, () => {
    assertEquals<unknown>(parseKubeconfigText(text), want);
  });
}

Deno.test("parseKubeconfigBytes() refuses what is not UTF-8", () => {
  assertThrows(() => parseKubeconfigBytes(Uint8Array.of(0x61, 0xff)), KubeconfigError);
});

for (
  const text of [
    "a: !s3cret b\n",
    "token: *s3cret\n",
    'a: "s3cret\n',
    "a: 's3cret\n",
    "token: s3cret: x\n",
    "%s3cret\n",
    "token: !s3cret!x y\n",
    "- s3cret\nb: c\n",
    "token: [s3cret\n",
    "a: &s3cret &s3cret x\n",
    "token: @s3cret\n",
    "? {s3cret: x}\n? {s3cret: x}\n: - b\n c",
  ]
) {
  Deno.test(`parseKubeconfigText() does not repeat what it refuses of ${JSON.stringify(text)}`, () => {
    let message = "";
    try {
      parseKubeconfigText(text);
    } catch (error) {
      message = String(error);
    }
    assertEquals(message.includes("s3cret"), false, message);
  });
}

for (
  const { name, text, want } of [
    { name: "a key before it", text: "{a: 1, <<: *x}", want: { a: 0, b: 0 } },
    { name: "a key after it", text: "{<<: *x, a: 1}", want: { a: 1, b: 0 } },
    { name: "an earlier mapping of its list", text: "{<<: [*x, *y]}", want: { a: 0, b: 0, c: 9 } },
    { name: "one of two merge keys", text: "{<<: *x, <<: *y}", want: { a: 0, b: 9, c: 9 } },
    { name: "block style", text: "\n    <<: *x\n    a: 1\n", want: { a: 1, b: 0 } },
    { name: "a quoted key", text: '{"<<": *x}', want: { "<<": { a: 0, b: 0 } } },
    { name: "a value", text: "<<", want: "<<" },
    { name: "a text", text: '"a {<<: b}"', want: "a {<<: b}" },
    { name: "a merged mapping", text: "{<<: {<<: *x, a: 2}}", want: { a: 2, b: 0 } },
  ]
) {
  Deno.test(`parseKubeconfigText() merges as kubectl does with ${name}`, () => {
    const anchors = "x: &x {a: 0, b: 0}\ny: &y {b: 9, c: 9}\n";
    const value = parseKubeconfigText(`${anchors}v: ${text}\n`) as Record<string, unknown>;
    assertEquals(value.v, want);
  });
}

Deno.test("parseKubeconfigText() is not blown up by merges of merges", () => {
  const lines = ["a0: &a0 {k: v}"];
  for (let i = 1; i <= 60; i++) lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}]}`);
  const value = parseKubeconfigText(lines.join("\n")) as Record<string, unknown>;
  assertEquals(value.a60, { k: "v" });
});

Deno.test("firstDocument() loses nothing of one document", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", ":", " ", "\n", "-", "."), maxLength: 40 }),
      (text) => {
        const document = firstDocument(text);
        assertEquals(text.startsWith(document), true);
        assertEquals(
          /^(---|\.\.\.)(\s|$)/.test(text.slice(document.length)) || document === text,
          true,
        );
      },
    ),
    { seed: 6, numRuns: 2000 },
  );
});

/** Pieces with a meaning in YAML or in a kubeconfig, in any order. */
const piece = fc.constantFrom(
  ..."\n |\n  |\n- |- |: |,|{|}|[|]|?|&a |*a|<<|<<: *a|!!str |!x |\"|'|#|\\|%|---\n|...\n|\t|~|null|yes|1|1.5|\r|\u0000"
    .split("|"),
  "|\n",
  ">-\n",
  ..."clusters users contexts name cluster user context server token exec command env args current-context auth-provider config certificate-authority-data extensions aGk="
    .split(" "),
  "clusters:\n- name: c\n  cluster:\n    ",
  "users:\n- name: u\n  user:\n    ",
);

Deno.test("a kubeconfig of any text is read or refused", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")), (text) => {
      try {
        const { contexts, clusters, users } = readKubeconfig(parseKubeconfigText(text), "/k");
        for (const entry of contexts.values()) readContext(entry);
        for (const entry of clusters.values()) readCluster(entry, LINUX);
        for (const entry of users.values()) readUser(entry, LINUX);
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error;
      }
    }),
    { seed: 6, numRuns: 5000 },
  );
});

Deno.test("a kubeconfig of any bytes is read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readKubeconfig(parseKubeconfigBytes(bytes), "/k");
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error;
      }
    }),
    { seed: 6, numRuns: 2000 },
  );
});
