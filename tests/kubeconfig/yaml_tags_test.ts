import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseKubeconfigText } from "../../lib/kubeconfig/text.ts";
import { rewriteTags } from "../../lib/kubeconfig/yaml_tags.ts";

const CA = "LS0tLS1CRUdJTg==";

// kubectl 1.36's reading of them was seen with `kubectl config view --raw`.
// deno-fmt-ignore: a row a line
for (
  const { name, text, want } of [
    { name: "binary", text: `a: !!binary aGk=`, want: { a: "hi" } },
    { name: "binary as PyYAML writes it", text: `a: !!binary |\n  ${CA}\nb: c`, want: { a: "-----BEGIN", b: "c" } },
    { name: "binary of several lines", text: "a: !!binary |\n  aGk\n  =\nb: c", want: { a: "hi", b: "c" } },
    { name: "quoted binary", text: `{a: !!binary "aGk="}`, want: { a: "hi" } },
    { name: "binary by its full name", text: `a: !<tag:yaml.org,2002:binary> 'aGk='`, want: { a: "hi" } },
    { name: "binary that is not base64, as text", text: `a: !!binary "%%"`, want: { a: "%%" } },
    { name: "binary that reads like YAML", text: `a: !!binary e2E6IGJ9`, want: { a: "{a: b}" } },
    { name: "python/unicode", text: `a: !!python/unicode "x"`, want: { a: "x" } },
    { name: "a tag of its own on a number", text: `a: !vault 0123`, want: { a: "0123" } },
    { name: "a tag of its own on a boolean", text: `a: !foo yes\nb: !foo true`, want: { a: "yes", b: "true" } },
    { name: "a tag of its own on null", text: `a: !foo ~`, want: { a: "~" } },
    { name: "a tag of its own on nothing", text: `a: !foo\nb: c`, want: { a: null, b: "c" } },
    { name: "a tag of its own on a block", text: "a: !vault |\n  $ANSIBLE;1.1\n  !x 6162\nb: c", want: { a: "$ANSIBLE;1.1\n!x 6162\n", b: "c" } },
    { name: "a tag of its own on a folded block", text: "- a: !vault >-\n    x\n    !y z\n  b: c", want: [{ a: "x !y z", b: "c" }] },
    { name: "a mapping", text: "a: !map {b: !x 1, c: d}", want: { a: { b: "1", c: "d" } } },
    { name: "a mapping below", text: "a: !map\n  b: 1\n  c: !x 2", want: { a: { b: 1, c: "2" } } },
    { name: "a list", text: "a: !lst [1, !x 2]", want: { a: [1, "2"] } },
    { name: "a list below", text: "a: !lst\n- 1\n- !x 2\n- !y {b: c}", want: { a: [1, "2", { b: "c" }] } },
    { name: "a set", text: "a: !!set {b: , c: }", want: { a: { b: null, c: null } } },
    { name: "an ordered map", text: "a: !!omap [b: c]", want: { a: [{ b: "c" }] } },
    { name: "a timestamp", text: "a: !!timestamp 2020-01-01", want: { a: "2020-01-01" } },
    { name: "a tag beside an anchor", text: "a: !x &y 5\nb: *y\nc: &z !x 6\nd: *z", want: { a: "5", b: "5", c: "6", d: "6" } },
    { name: "a tag of a key", text: "!x 1: b", want: { 1: "b" } },
    { name: "tags of the core schema", text: "a: !!str 1\nb: !!int 2\nc: !x 3\nd: !!map {e: f}", want: { a: "1", b: 2, c: "3", d: { e: "f" } } },
    { name: "tags of the core schema by their full names", text: "a: !<tag:yaml.org,2002:int> 5\nb: !<tag:yaml.org,2002:str> 5", want: { a: 5, b: "5" } },
    { name: "numbers in quotes", text: `a: !!int "2"\nb: !!float '1.5'`, want: { a: 2, b: 1.5 } },
    { name: "tags of the core schema on nothing", text: "a: !!null\nb: !!str\nc: !!int\nd: !!map\ne: f", want: { a: null, b: "", c: null, d: {}, e: "f" } },
    { name: "tags of keys", text: `!x 1: b\n!!str 2: c\n! 3: d\n!x "4": e\n!x it's: f\n5: g`, want: { 1: "b", 2: "c", 3: "d", 4: "e", "it's": "f", 5: "g" } },
    { name: "a tag of a key in a list", text: "- !x 1: b\n  c: d", want: [{ 1: "b", c: "d" }] },
    { name: "a tag of a key in braces", text: "{!x 1: b, !!str 2: c}", want: { 1: "b", 2: "c" } },
    { name: "a tag of a text of two lines", text: "a: !x b\n  c\nd: !!int 1", want: { a: "b c", d: 1 } },
    { name: "no tag's name", text: "a: ! true\nb: !x 1", want: { a: "true", b: "1" } },
    { name: "no tags in double quotes", text: `a: "x !y \\" !z"\nb: !x 1`, want: { a: 'x !y " !z', b: "1" } },
    { name: "no tags in single quotes", text: `a: 'it''s !y'\nb: !x 1`, want: { a: "it's !y", b: "1" } },
    { name: "no tags in plain text", text: "a: x !y z\nb: !x 1", want: { a: "x !y z", b: "1" } },
    { name: "no tags in comments", text: "a: b # !y\n# !z\nc: !x 1", want: { a: "b", c: "1" } },
    { name: "no tags in a block", text: "a: |\n  !y b\n\n  # !z\nc: !x 1", want: { a: "!y b\n\n# !z\n", c: "1" } },
    { name: "no tags in an indented block", text: "- a: |2\n     !y b\n  c: !x 1", want: [{ a: " !y b\n", c: "1" }] },
    { name: "no tags in an empty block", text: "a: |\nb: !x 1", want: { a: "", b: "1" } },
    { name: "tags in JSON", text: `{"a":!x 1,"b":[!y "c"],"d":"!z"}`, want: { a: "1", b: ["c"], d: "!z" } },
    { name: "a URL beside a tag", text: "a: https://u:p@h:1/!x#y\nb: !x 1", want: { a: "https://u:p@h:1/!x#y", b: "1" } },
    { name: "CRLF", text: "a: !vault |\r\n  !y\r\nb: !x 1\r\n", want: { a: "!y\n", b: "1" } },
    { name: "a tag of the whole document, as Ruby writes it", text: "--- !ruby/hash:A::B\na: !x 1\nb: c", want: { a: "1", b: "c" } },
    { name: "a tag of the whole document in braces", text: "%YAML 1.1\n---\t!x &y {a: b}", want: { a: "b" } },
    { name: "three dashes that are a text", text: "a: ---\nb: !x 1", want: { a: "---", b: "1" } },
    { name: "a merge key beside a tag", text: "a: &a {b: !x 1}\nc:\n  <<: *a\n  d: !y 2", want: { a: { b: "1" }, c: { b: "1", d: "2" } } },
  ]
) {
  Deno.test(`parseKubeconfigText() reads ${name}`, () => {
    assertEquals(parseKubeconfigText(text), want);
  });
}

const TEXTS = fc.array(fc.constantFrom("!x", "#", "'", '"', " ", "\n", "a", ":", "-", "[", "}"), {
  maxLength: 12,
}).map((parts) => parts.join(""));

Deno.test("rewriteTags() leaves quoted texts with any content alone", () => {
  fc.assert(fc.property(TEXTS, TEXTS, (a, b) => {
    const value = { a, b: [b, { [a || "k"]: b }], tagged: "1" };
    const text = JSON.stringify({ ...value, tagged: "T" }).replace('"T"', "!x 1");
    assertEquals(parseKubeconfigText(text), value);
  }));
});

Deno.test("rewriteTags() ends with any text", () => {
  const rough = fc.string({ unit: fc.constantFrom(..."!|>&*'\"#-?:,[]{} \n\tab1") });
  fc.assert(fc.property(rough, (text) => {
    rewriteTags(text);
  }));
});

Deno.test("rewriteTags() takes a large file in its stride", () => {
  const entry = "- name: n\n  cluster:\n    certificate-authority-data: !!binary |\n      aGk=\n";
  const text = `clusters:\n${entry.repeat(5_000)}`;
  assertEquals(rewriteTags(text).match(/ "hi"/g)?.length, 5_000);
});
