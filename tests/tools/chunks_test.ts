import { assertEquals, assertThrows } from "@std/assert";
import { type Chunk, closureOf, nameByOrder, toChunks } from "../../tools/chunks.ts";

const FILES = {
  "main.js":
    `import"./start.js";import{a as b,default as c}from"./x.js";var r=b+c();function later(){return import("./y.js")}export{r as result,later};`,
  "start.js": `globalThis.started=(globalThis.started??0)+1;`,
  "x.js": `import{one}from"./one.js";function d(){return one*2}var a="a";export{a,d as default};`,
  "y.js": `import{one as o}from"./one.js";var text='import("./z.js")';export{o as one};`,
  "one.js": `var one=1;export{one};`,
};

Deno.test("nameByOrder() names files by where they are first spoken of, whatever they were called", () => {
  const made = (a: string, b: string, c: string) => ({
    [`${c}.js`]: `import"./${b}.js";export{c};`,
    [`${a}.js`]: `import("./${c}.js");import("./other-12345678.js");`,
    [`${b}.js`]: `var text="chunk-1.js";`,
    "main.js": `import"./${b}.js";import"./${a}.js";`,
  });
  const want = [
    ["main.js", `import"./chunk-1.js";import"./api_client-2.js";`],
    ["chunk-1.js", `var text="chunk-1.js";`],
    ["api_client-2.js", `import("./chunk-3.js");import("./other-12345678.js");`],
    ["chunk-3.js", `import"./chunk-1.js";export{c};`],
  ];
  for (
    const names of [["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"], ["Z2345678", "Y2345678", "X2345678"]]
  ) {
    const [a, b, c] = names;
    const files = made(`api_client-${a}`, `chunk-${b}`, `chunk-${c}`);
    assertEquals(Object.entries(nameByOrder(files, ["main.js"])), want);
  }
});

/** As the single file loads them. */
function loaderOf(chunks: ReadonlyMap<string, Chunk>): (name: string) => Promise<unknown> {
  const loaded = new Map<string, Promise<unknown>>();
  function load(name: string): Promise<unknown> {
    const value = loaded.get(name) ?? (0, eval)(chunks.get(name)!.text)(load);
    loaded.set(name, value);
    return value;
  }
  return load;
}

Deno.test("toChunks() gives texts that do what the modules do, each evaluated once", async () => {
  const load = loaderOf(toChunks(FILES));
  const { result, later } = await load("main.js") as {
    readonly result: string;
    readonly later: () => Promise<unknown>;
  };
  assertEquals(result, "a2");
  assertEquals(await later(), { one: 1 });
  assertEquals(await load("main.js") === await load("main.js"), true);
  assertEquals((globalThis as { started?: number }).started, 1);
});

Deno.test("closureOf() names what is evaluated, and not what may be imported later", () => {
  const chunks = toChunks(FILES);
  assertEquals([...closureOf(["main.js"], chunks)], ["main.js", "start.js", "x.js", "one.js"]);
  assertEquals([...closureOf(["y.js"], chunks)], ["y.js", "one.js"]);
});

for (
  const { why, files } of [
    { why: "it imports itself", files: { a: `import"./b";`, b: `import"./a";` } },
    { why: `it imports "node:fs" at once`, files: { a: `import{x}from"node:fs";` } },
    { why: "it asks where it is", files: { a: `console.log(import.meta.url);` } },
    { why: "it has an ImportNamespaceSpecifier", files: { a: `import*as x from"./b";`, b: "" } },
    { why: "it has an ExportAllDeclaration", files: { a: `export*from"./b";`, b: "" } },
    { why: "it has an ExportDefaultDeclaration", files: { a: `export default 1;` } },
    { why: "it exports as it declares or imports", files: { a: `export const x=1;` } },
    { why: "it exports under a name in quotes", files: { a: `var x;export{x as "a b"};` } },
  ]
) {
  Deno.test(`toChunks() refuses a file where ${why}`, () => {
    assertThrows(
      () => toChunks(files as unknown as Record<string, string>),
      Error,
      `Cannot split "a": ${why}`,
    );
  });
}
