/**
 * Imports go down: a file of `lib/` imports from its own folder, from folders below it and from the
 * files directly in `lib/`, and no file imports itself through others. Type imports count. No file
 * of `lib/` turns a check off.
 */
import { assertEquals } from "@std/assert";

/** The order from the top. Folders on one line do not know each other. */
const ORDER: readonly (readonly string[])[] = [
  ["main"],
  ["commands"],
  ["launcher"],
  ["memory"],
  ["resolver"],
  ["kubectls", "host"],
  ["api_server", "signature", "cli"],
  ["connection", "config", "kuberc"],
  ["kubeconfig", "mirror", "handoff"],
  ["kubectl", "files", "output", "readings"],
  ["ports"],
  ["encoding", "version"],
];

/** The imports of each file, by paths like `lib/config/keys.ts`. */
type Graph = ReadonlyMap<string, readonly string[]>;

Deno.test("imports in lib/ go down", () => {
  assertEquals(findUpward(readGraph()), []);
});

Deno.test("no file in lib/ imports itself through others", () => {
  assertEquals(findCircles(readGraph()), []);
});

/** Matches a comment that turns off the type checker, or a lint rule but the one named here. */
const TURNED_OFF =
  /deno-lint-ignore(?:-file)?(?! no-control-regex(?: --.*)?$)|@ts-(?:expect|ignore|nocheck)/m;

Deno.test("no file in lib/ turns a check off", () => {
  const planted = [
    "// deno-lint-ignore kuberlr/pure-async",
    "// deno-lint-ignore-file",
    "// @ts-ignore: x",
  ];
  assertEquals(planted.filter((comment) => !TURNED_OFF.test(comment)), []);
  assertEquals(filesBelow("lib").filter((path) => TURNED_OFF.test(read(path))), []);
});

Deno.test("every folder of lib/ has its place in the order", () => {
  const folders = [...Deno.readDirSync(new URL("../lib", import.meta.url))]
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assertEquals(folders.filter((name) => levelOf(`lib/${name}/x.ts`) === -1), []);
});

Deno.test("an upward import is refused, a sideward one, and one that is only of a type", () => {
  const graph: Graph = new Map([
    ["lib/version/a.ts", importsOf("lib/version/a.ts", `import { b } from "../config/b.ts";`)],
    ["lib/mirror/a.ts", importsOf("lib/mirror/a.ts", `import("../handoff/b.ts");`)],
    ["lib/files/a.ts", importsOf("lib/files/a.ts", `import type { B } from "../config/b.ts";`)],
    ["lib/errors.ts", importsOf("lib/errors.ts", `export * from "./files/a.ts";`)],
    ["lib/main/a.ts", importsOf("lib/main/a.ts", `import { b } from "../../tools/b.ts";`)],
    ["lib/config/a.ts", importsOf("lib/config/a.ts", `import { c } from "../version/c.ts";`)],
    ["lib/config/b.ts", importsOf("lib/config/b.ts", `import { c } from "../errors.ts";`)],
  ]);
  assertEquals(findUpward(graph), [
    "lib/version/a.ts imports lib/config/b.ts",
    "lib/mirror/a.ts imports lib/handoff/b.ts",
    "lib/files/a.ts imports lib/config/b.ts",
    "lib/errors.ts imports lib/files/a.ts",
    "lib/main/a.ts imports tools/b.ts",
  ]);
});

Deno.test("a circle is refused, of types, too", () => {
  const graph: Graph = new Map([
    ["lib/mirror/a.ts", importsOf("lib/mirror/a.ts", `import type { B } from "./b.ts";`)],
    ["lib/mirror/b.ts", importsOf("lib/mirror/b.ts", `import { c } from "./steps/c.ts";`)],
    ["lib/mirror/steps/c.ts", importsOf("lib/mirror/steps/c.ts", `import { a } from "../a.ts";`)],
    ["lib/mirror/d.ts", importsOf("lib/mirror/d.ts", `import { a } from "./a.ts";`)],
  ]);
  assertEquals(findCircles(graph), ["lib/mirror/a.ts", "lib/mirror/b.ts", "lib/mirror/steps/c.ts"]);
});

function readGraph(): Graph {
  return new Map(filesBelow("lib").map((path) => [path, importsOf(path, read(path))]));
}

function importsOf(path: string, code: string): readonly string[] {
  const specifiers = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g);
  return Array.from(specifiers, ([, specifier = ""]) => {
    return new URL(specifier, `file:///${path}`).pathname.slice(1);
  });
}

function findUpward(graph: Graph): readonly string[] {
  return [...graph].flatMap(([path, imports]) =>
    imports
      .filter((imported) => folderOf(imported) !== folderOf(path))
      .filter((imported) => !/^lib\/[^/]+$/.test(imported))
      .filter((imported) => folderOf(path) === "" || levelOf(imported) <= levelOf(path))
      .map((imported) => `${path} imports ${imported}`)
  );
}

/** Returns the files that import themselves through others. */
function findCircles(graph: Graph): readonly string[] {
  return [...graph.keys()].filter((start) => {
    // Iterating over a set includes elements that are added meanwhile.
    const reached = new Set(graph.get(start));
    for (const path of reached) graph.get(path)?.forEach((next) => reached.add(next));
    return reached.has(start);
  });
}

/** Returns the folder directly below `lib/`; `""` for files directly in it. */
function folderOf(path: string): string {
  return /^lib\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function levelOf(path: string): number {
  return ORDER.findIndex((folders) => folders.includes(folderOf(path)));
}

function filesBelow(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(`../${folder}`, import.meta.url))].flatMap(
    ({ name, isDirectory }) =>
      isDirectory
        ? filesBelow(`${folder}/${name}`)
        : name.endsWith(".ts")
        ? [`${folder}/${name}`]
        : [],
  );
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
}
