import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";

for (
  const { name, text, want } of [
    { name: "nothing", text: "", want: null },
    { name: "comments alone", text: "# a\n", want: null },
    { name: "an empty document", text: "---\n", want: null },
    {
      name: "plain scalars",
      text: "a: true\nb: 5\nc: ~\nd:\n",
      want: { a: true, b: 5, c: null, d: null },
    },
    {
      name: "scalars that only YAML 1.1 types",
      text: "a: yes\nb: 2020-01-01\n<<: c\n",
      want: { a: "yes", b: "2020-01-01", "<<": "c" },
    },
    { name: "quoted scalars", text: "a: 'null'\n", want: { a: "null" } },
    { name: "the last of two keys", text: "a: x\na: y\n", want: { a: "y" } },
    {
      name: "aliases as the same value",
      text: "a: &x [b]\nc: *x\n",
      want: { a: ["b"], c: ["b"] },
    },
  ]
) {
  Deno.test(`parse() reads ${name}`, () => {
    assertEquals(parse(text, { schema: "core", allowDuplicateKeys: true }), want);
  });
}

for (
  const [name, text] of [
    ["two documents", "a: b\n---\nc: d\n"],
    ["unclosed brackets", "a: [b\n"],
    ["duplicate keys without leave", "a: x\na: y\n"],
    ["an unknown tag", "a: !b c\n"],
    ["control characters", "a: \u0001\n"],
  ] as const
) {
  Deno.test(`parse() throws a SyntaxError on ${name}`, () => {
    assertThrows(() => parse(text, { schema: "core" }), SyntaxError);
  });
}
