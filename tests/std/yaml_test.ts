import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";

for (
  const { name, text, core, failsafe } of [
    { name: "nothing", text: "", core: null, failsafe: null },
    { name: "comments alone", text: "# a\n", core: null, failsafe: null },
    { name: "an empty document", text: "---\n", core: null, failsafe: null },
    {
      name: "plain scalars",
      text: "a: true\nb: 5\nc: ~\nd:\n",
      core: { a: true, b: 5, c: null, d: null },
      failsafe: { a: "true", b: "5", c: "~", d: null },
    },
    {
      name: "scalars that only YAML 1.1 types",
      text: "a: yes\nb: 2020-01-01\n<<: c\n",
      core: { a: "yes", b: "2020-01-01", "<<": "c" },
      failsafe: { a: "yes", b: "2020-01-01", "<<": "c" },
    },
    { name: "quoted scalars", text: "a: 'null'\n", core: { a: "null" }, failsafe: { a: "null" } },
    { name: "the last of two keys", text: "a: x\na: y\n", core: { a: "y" }, failsafe: { a: "y" } },
    {
      name: "aliases as the same value",
      text: "a: &x [b]\nc: *x\n",
      core: { a: ["b"], c: ["b"] },
      failsafe: { a: ["b"], c: ["b"] },
    },
  ]
) {
  Deno.test(`parse() reads ${name}`, () => {
    assertEquals(parse(text, { schema: "core", allowDuplicateKeys: true }), core);
    assertEquals(parse(text, { schema: "failsafe", allowDuplicateKeys: true }), failsafe);
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
    assertThrows(() => parse(text), SyntaxError);
  });
}
