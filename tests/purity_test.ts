/**
 * `deno check` and the lint plugin keep the laws of `lib/`: the tests plant violations and expect
 * their refusal.
 */
import { assertEquals } from "@std/assert";

const REPOSITORY = new URL("..", import.meta.url);

/** The type checker refuses these: the names of the outside world do not exist in `lib/`. */
const UNTYPED: Readonly<Record<string, string>> = {
  "the runtime": `export const here = Deno.cwd();`,
  "the runtime through globalThis": `export const here = globalThis.Deno.cwd();`,
  "a request": `export const answer = () => fetch("https://example.com");`,
  "a message": `export const say = () => console.log("hello");`,
  "a timer": `export const later = () => setTimeout(() => {}, 1);`,
  "a stopwatch": `export const now = () => performance.now();`,
  "chance": `export const id = () => crypto.randomUUID();`,
  "the environment": `export const home = () => process.env.HOME;`,
};

/** The type checker refuses these, too: without it, they would be forgotten. */
const FORGOTTEN: Readonly<Record<string, string>> = {
  "a table of commands that lacks one":
    `import type { CommandTable } from "./cli/commands_table.ts";
export const lacking = ({ help: _, ...others }: CommandTable): CommandTable => others;`,
  "a command under another's name": `import type { CommandTable } from "./cli/commands_table.ts";
export const exchanged = (table: CommandTable): CommandTable => ({ ...table, link: table.unlink });`,
};

const FIVE = "a: 1, b: 1, c: 1, d: 1, e: 1";

/** The lint plugin refuses these, which types cannot see. */
const LINTED: Readonly<Record<string, { file?: string; rule: string; code: string }>> = {
  "the clock": {
    rule: "kuberlr/pure-ambient",
    code: `export const now = () => Date.now();`,
  },
  "the clock through a constructor": {
    rule: "kuberlr/pure-ambient",
    code: `export const now = () => new Date();`,
  },
  "the clock as a text": {
    rule: "kuberlr/pure-ambient",
    code: `export const now = () => Date();`,
  },
  "the clock of Temporal": {
    rule: "kuberlr/pure-ambient",
    code: `export const now = () => Temporal.Now.instant();`,
  },
  "dice": {
    rule: "kuberlr/pure-ambient",
    code: `export const dice = () => Math.random();`,
  },
  "an async function": {
    rule: "kuberlr/pure-async",
    code: `export async function wait(promise: Promise<number>) { return await promise; }`,
  },
  "an async arrow": {
    rule: "kuberlr/pure-async",
    code: `export const wait = async (promise: Promise<number>) => await promise;`,
  },
  "an async method": {
    rule: "kuberlr/pure-async",
    code: `export const port = { async wait(promise: Promise<number>) { return await promise; } };`,
  },
  "an await at the top": {
    rule: "kuberlr/pure-async",
    code: `export const value = await Promise.resolve(1);`,
  },
  "a loop that awaits": {
    rule: "kuberlr/pure-async",
    code: `for await (const one of []) one;\nexport {};`,
  },
  "a promise": {
    rule: "kuberlr/pure-async",
    code: `export const wait = () => new Promise<number>((resolve) => resolve(1));`,
  },
  "a promise of many": {
    rule: "kuberlr/pure-async",
    code: `export const wait = (promise: Promise<number>) => Promise.all([promise]);`,
  },
  "a value that is disposed of later": {
    rule: "kuberlr/pure-async",
    code: `await using value = { [Symbol.asyncDispose]: () => undefined as never };`,
  },
  "an import of the host": {
    rule: "kuberlr/pure-imports",
    code: `import { port } from "./host/planted.ts";\nexport const used = port;`,
  },
  "an import of the host on demand": {
    rule: "kuberlr/pure-imports",
    code: `export const used = () => import("./host/planted.ts");`,
  },
  "a re-export of the host": {
    rule: "kuberlr/pure-imports",
    code: `export { port } from "./host/planted.ts";`,
  },
  "an import of a step": {
    rule: "kuberlr/pure-imports",
    code: `import { step } from "./steps/planted.ts";\nexport const used = step;`,
  },
  "a port": {
    rule: "kuberlr/pure-ports",
    code:
      `import type { Files } from "./ports/files.ts";\nexport const read = (files: Files) => files.readText("/x");`,
  },
  "a port as a part of the host": {
    rule: "kuberlr/pure-ports",
    code:
      `import type { Host } from "./ports/host.ts";\nexport const now = ({ clock }: Pick<Host, "clock">) => clock.nowMs();`,
  },
  "all ports under one name": {
    rule: "kuberlr/pure-ports",
    code:
      `import type * as ports from "./ports/files.ts";\nexport const read = (files: ports.Files) => files.readText("/x");`,
  },
  "a port imported in a type": {
    rule: "kuberlr/pure-ports",
    code: `export const read = (files: import("./ports/files.ts").Files) => files.readText("/x");`,
  },
  "a port that is passed on": {
    rule: "kuberlr/pure-ports",
    code: `export type { Files as Readable } from "./ports/files.ts";`,
  },
  "all ports passed on": {
    rule: "kuberlr/pure-ports",
    code: `export * from "./ports/files.ts";`,
  },
  "the runtime declared anew": {
    rule: "kuberlr/pure-declare",
    code: `declare const Deno: { cwd(): string };\nexport const here = () => Deno.cwd();`,
  },
  "a function declared anew": {
    rule: "kuberlr/pure-declare",
    code: `declare function fetch(url: string): unknown;\nexport const ask = () => fetch("x");`,
  },
  "the global scope declared anew": {
    rule: "kuberlr/pure-declare",
    code: `declare global { const fetch: () => unknown; }\nexport const ask = () => fetch();`,
  },
  "a chain of promises": {
    rule: "kuberlr/pure-async",
    code: `export const wait = (promise: Promise<number>) => promise.then((value) => value + 1);`,
  },
  "an import of Node": {
    rule: "kuberlr/pure-imports",
    code: `import { sep } from "node:path";\nexport const used = sep;`,
  },
  "an async function in a folder": {
    file: "lib/mirror/linted.ts",
    rule: "kuberlr/pure-async",
    code: `export async function wait(promise: Promise<number>) { return await promise; }`,
  },
  "an import of the host by a step": {
    file: "lib/mirror/steps/linted.ts",
    rule: "kuberlr/host-imports",
    code: `import { port } from "../../host/planted.ts";\nexport const used = port;`,
  },
  "an import of the host by a command": {
    file: "lib/commands/linted.ts",
    rule: "kuberlr/host-imports",
    code: `import { port } from "../host/planted.ts";\nexport const used = port;`,
  },
  "a function with five parameters": {
    rule: "kuberlr/parameters",
    code: `export function five(${FIVE}) {\n  return [a, b, c, d, e];\n}`,
  },
  "an arrow with five parameters": {
    rule: "kuberlr/parameters",
    code: `export const five = (${FIVE}) => [a, b, c, d, e];`,
  },
  "an arrow in an object with five parameters": {
    rule: "kuberlr/parameters",
    code: `export const all = { five: (${FIVE}) => [a, b, c, d, e] };`,
  },
  "a method with five parameters": {
    rule: "kuberlr/parameters",
    code: `export const all = { five(${FIVE}) { return [a, b, c, d, e]; } };`,
  },
  "a method of a type with five parameters": {
    rule: "kuberlr/parameters",
    code: `export interface All { five(${FIVE}): void }`,
  },
  "a type of functions with five parameters": {
    rule: "kuberlr/parameters",
    code: `export type Five = (${FIVE}) => void;`,
  },
  "a comment of 101 columns": {
    rule: "kuberlr/comment-width",
    code: `// ${"x".repeat(98)}`,
  },
  "another name for parts of the host": {
    rule: "kuberlr/host-alias",
    file: "lib/mirror/steps/alias.ts",
    code:
      `import type { Host } from "../../ports/host.ts";\nexport type World = Pick<Host, "clock">;`,
  },
};

const CLEAN = `import { parseVersion } from "./version/version.ts";
export const minor = (text: string, now: Date) => [parseVersion(text)?.minor, now.getTime()];
export const host = (url: string) => new URL(url).host;
export const last = (text: string) => text.replace(/(.)(.)(.)/, (_, a, b, c, at) => a + b + c + at);
// ${"x".repeat(97)}
`;

const untypedFile = (index: number) => `lib/untyped_${index}.ts`;
const forgottenFile = (index: number) => `lib/forgotten_${index}.ts`;
const lintedFile = (index: number) =>
  Object.values(LINTED)[index]!.file ?? `lib/linted_${index}.ts`;

// Each tool runs once over all plants, for all tests below; each test looks for its own plant.
let plants: Promise<{ refusedTypes: Set<string>; refusedLint: Set<string> }> | undefined;

Object.keys(UNTYPED).forEach((name, index) => {
  Deno.test(`deno check refuses ${name} in a pure file`, async () => {
    const { refusedTypes } = await (plants ??= plantAll());
    assertEquals(refusedTypes.has(untypedFile(index)), true);
  });
});

Object.keys(FORGOTTEN).forEach((name, index) => {
  Deno.test(`deno check refuses ${name}`, async () => {
    const { refusedTypes } = await (plants ??= plantAll());
    assertEquals(refusedTypes.has(forgottenFile(index)), true);
  });
});

Object.entries(LINTED).forEach(([name, { rule }], index) => {
  Deno.test(`deno lint refuses ${name}`, async () => {
    const { refusedLint } = await (plants ??= plantAll());
    assertEquals(refusedLint.has(`${lintedFile(index)} ${rule}`), true);
  });
});

Deno.test("deno check and deno lint accept a clean pure file", async () => {
  await using scratch = await scratchCopy({ "lib/clean.ts": CLEAN });
  assertEquals(await scratch.deno("check", "lib/clean.ts"), { code: 0, text: "" });
  assertEquals((await scratch.deno("lint", "lib/clean.ts")).code, 0);
});

async function plantAll() {
  await using scratch = await scratchCopy({
    "lib/host/planted.ts": "export const port = 1;\n",
    "lib/steps/planted.ts": "export const step = 1;\n",
    ...Object.fromEntries(
      Object.values(UNTYPED).map((code, index) => [untypedFile(index), `${code}\n`]),
    ),
    ...Object.fromEntries(
      Object.values(FORGOTTEN).map((code, index) => [forgottenFile(index), `${code}\n`]),
    ),
    ...Object.fromEntries(
      Object.values(LINTED).map(({ code }, index) => [lintedFile(index), `${code}\n`]),
    ),
  });
  const types = await scratch.deno(
    "check",
    ...Object.keys(UNTYPED).map((_, i) => untypedFile(i)),
    ...Object.keys(FORGOTTEN).map((_, i) => forgottenFile(i)),
  );
  const lint = await scratch.deno(
    "lint",
    "--json",
    ...Object.keys(LINTED).map((_, i) => lintedFile(i)),
  );
  return {
    refusedTypes: new Set(types.text.match(/lib\/(?:untyped|forgotten)_\d+\.ts/g)),
    refusedLint: new Set<string>(
      JSON.parse(lint.text.slice(lint.text.indexOf("{"))).diagnostics.map(
        ({ filename, code }: { filename: string; code: string }) =>
          `${filename.slice(filename.lastIndexOf("/lib/") + 1)} ${code}`,
      ),
    ),
  };
}

/** Copies the configuration, the tools and `lib/` of this repository, and adds some files. */
async function scratchCopy(files: Readonly<Record<string, string>>) {
  const root = await Deno.makeTempDir({ prefix: "kuberlr-purity-" });
  const copied = ["deno.json", "deno.lock", "tools/lint_plugin.ts", ...filesBelow("lib")];
  for (const path of copied) {
    Deno.mkdirSync(`${root}/${folderOf(path)}`, { recursive: true });
    Deno.copyFileSync(new URL(path, REPOSITORY), `${root}/${path}`);
  }
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(`${root}/${folderOf(path)}`, { recursive: true });
    Deno.writeTextFileSync(`${root}/${path}`, text);
  }
  return {
    async deno(...args: readonly string[]) {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args],
        cwd: root,
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      return { code, text: text.replaceAll("\\", "/").replace(/^Check .*\n/gm, "") };
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

function filesBelow(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(folder, REPOSITORY))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
