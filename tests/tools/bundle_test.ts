import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { compiledAtOnce, findStaticImports, identify } from "../../tools/bundle.ts";

const CODE = `"use strict";
const seven = double(3) + 1;
function double(n) { return n * 2 } function square(n) { return n * n }
async function later() { return square(seven) }
class Box { value() { function inner() { return 1 } return inner() } }
/* function noted() {} */ const text = \`function quoted() {}\`, regex = /function (x)/;
globalThis.result = [seven, later, new Box().value(), text];
`;

Deno.test("compiledAtOnce() puts every function of the outermost level in parentheses", () => {
  const code = compiledAtOnce(CODE);
  assertEquals(code.match(/\(\s*(?:async )?function \w+/g), [
    "(function double",
    "(function square",
    "(async function later",
  ]);
  assertEquals(code.startsWith("var double=(function double(n)"), true);
});

Deno.test("compiledAtOnce() leaves code that does the same", async () => {
  const results = [];
  for (const code of [CODE, compiledAtOnce(CODE)]) {
    (0, eval)(`{${code}}`);
    const [seven, later, one, text] = (globalThis as unknown as { result: unknown[] }).result;
    results.push([seven, await (later as () => Promise<number>)(), one, text]);
  }
  assertEquals(results, Array(2).fill([7, 49, 1, "function quoted() {}"]));
});

for (
  const { code, want } of [
    { code: `import { a } from "node:fs";`, want: ["node:fs"] },
    { code: `export * from "./b.ts"; const c = import("./d.ts");`, want: ["./b.ts"] },
    { code: `const text = 'import x from "y"';`, want: [] },
  ]
) {
  Deno.test(`findStaticImports() finds ${JSON.stringify(want)} in ${code}`, () => {
    assertEquals(findStaticImports(code), want);
  });
}

Deno.test("identify() puts the same hash into both ways, and another into other code", async () => {
  const text = 'a("kuberlr-build|1"); b("kuberlr-build|1")';
  const identified = await identify(text);
  assertMatch(identified, /^a\("([\da-f]{16})"\); b\("\1"\)$/);
  assertEquals(await identify(text), identified);
  const [, hash = ""] = /"(.+?)"/.exec(identified)!;
  assertEquals((await identify(text.replace("a(", "c("))).includes(hash), false);
});

for (const text of ["", '"kuberlr-build|1"', '"kuberlr-build|1"'.repeat(3)]) {
  Deno.test(`identify() refuses ${JSON.stringify(text)}`, async () => {
    await assertRejects(() => identify(text), Error, "Cannot identify");
  });
}
