/** The single file is plain code, and a command evaluates only the parts that it needs. */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  bundle,
  bundleModules,
  escapeNonAscii,
  findStaticImports,
  identify,
  nameByOrder,
} from "../../tools/bundle.ts";
import { denoDir } from "../support/sandbox.ts";

const BUILD = { gitVersion: "v1.2.3", gitCommit: "", gitTreeState: "", buildDate: "" } as const;

Deno.test("bundle() makes plain code: nothing is compressed, evaluated from text, or without its name", async () => {
  await using box = await bundled();
  const { text } = box;
  assertEquals(text.split("\n").filter((line) => line.length > 20_000).length, 0);
  // Packed code runs by `eval` or `new Function`.
  assertEquals(text.match(/\beval\b\)?\(|\bnew Function\(/g), null);
  for (
    const name of [
      "parseInvocation",
      "recallKubectl",
      "runManagement",
      "loadVerifySignature",
      "withDefaultHash",
    ]
  ) {
    assert(new RegExp(`^(?:async )?function ${name}\\(`, "m").test(text), name);
  }
  // deno-lint-ignore no-control-regex
  assertEquals(/[^\x00-\x7f]/.exec(text), null);
});

Deno.test("an exception in the single file names function, file and line", async () => {
  await using box = await bundled();
  const start = "async function runCommand(args, host) {";
  assert(box.text.includes(start));
  await Deno.writeTextFile(box.path, box.text.replace(start, `${start} null.planted;`));
  const { code, stderr } = await box.run(["bins"]);
  assertEquals(code, 125);
  assertMatch(stderr, /at (?:async )?runCommand \(file:\/\/.+kuberlr\.js:\d+:\d+\)/);
  assertEquals(/<anonymous>|\beval\b/.exec(stderr), null);
});

Deno.test("a command evaluates no module of the single file that it does not need", async () => {
  await using box = await bundled();
  const tell = 'console.error("evaluated " + Object.getOwnPropertyNames(fn)[0]),';
  const text = box.text.replace("return fn && (res =", `return fn && (${tell} res =`);
  assert(text !== box.text);
  await Deno.writeTextFile(box.path, text);
  const modules = async (args: readonly string[]) =>
    Array.from(
      (await box.run(args)).stderr.matchAll(/^evaluated (\S+)$/gm),
      ([, name = ""]) => name,
    );
  const version = await modules(["version"]);
  assert(version.includes("lib/commands/version.ts"), version.join("\n"));
  const others = /js-yaml|smol-toml|sigstore|lib\/(?:signature|kubeconfig)\//;
  assertEquals(version.filter((name) => others.test(name)), []);

  // Without a home and a kubectl, a kubectl command first takes the short path, then the long one.
  const kubectl = await modules(["kubectl", "options"]);
  const short = kubectl.slice(0, kubectl.indexOf("lib/main/wrapper_mode.ts"));
  assert(short.length > 10, kubectl.join("\n"));
  assertEquals(
    short.filter((name) =>
      /^lib\/(?:main|commands|cli|config|mirror|resolver|host\/net)\//.test(name)
    ),
    [],
  );
  assertEquals(short.filter((name) => !name.startsWith("lib/")), []);
});

for (
  const { name, grow, wrap } of [
    { name: "", grow: 0, wrap: [] },
    {
      // The file of the cache is larger than the limit.
      name: ", or runs without it under ulimit -f",
      grow: 20 << 20,
      wrap: ["/bin/sh", "-c", 'ulimit -f 200; exec "$@"', "sh"],
    },
  ]
) {
  Deno.test({
    name: `a command without a request leaves a code cache of the single file${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using box = await bundled();
      const kubectl = `${box.path}.kubectl`;
      await Deno.writeTextFile(kubectl, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
      const cache = `${box.path}.cache`;
      const env = { KUBERLR_KUBECTL: kubectl, DENO_DIR: cache };
      const own = () => cachedSizes(cache).get(`file://${encodeURI(box.path)}`);
      await box.run(["version"], env);
      assertEquals(own(), undefined);
      if (grow > 0) growCache(cache, grow);
      const { code, stderr } = await box.run(["kubectl", "options"], env, wrap);
      assertEquals({ code, stderr }, { code: 3, stderr: "" });
      assertEquals((own() ?? 0) > 100_000, grow === 0, `${own()}`);
    },
  });
}

/** Returns the sizes of what is in Deno's code cache, by URL. */
function cachedSizes(folder: string): ReadonlyMap<unknown, number> {
  using database = new DatabaseSync(`${folder}/v8_code_cache_v2`);
  const rows = database.prepare("SELECT specifier, length(data) AS size FROM codecache").all();
  return new Map(rows.map(({ specifier, size }) => [specifier, Number(size)]));
}

function growCache(folder: string, bytes: number): void {
  using database = new DatabaseSync(`${folder}/v8_code_cache_v2`);
  database.prepare("INSERT INTO codecache VALUES ('other', 1, 1, zeroblob(?))").run(bytes);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

interface Bundled extends AsyncDisposable {
  readonly path: string;
  readonly text: string;
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    wrap?: readonly string[],
  ): Promise<{ readonly code: number; readonly stderr: string }>;
}

async function bundled(): Promise<Bundled> {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-bundle-" });
  const path = `${folder}/kuberlr.js`;
  await bundle(path, BUILD);
  return {
    path,
    text: await Deno.readTextFile(path),
    async run(args, env = {}, wrap = []) {
      const flags = ["--allow-all", "--no-config", "--no-lock", "--quiet"];
      const [command = "", ...words] = [...wrap, Deno.execPath(), "run", ...flags, path, ...args];
      const { code, stderr } = await new Deno.Command(command, {
        args: words,
        env: {
          HOME: folder,
          NO_COLOR: "1",
          KUBERLR_SYSTEMPATH: folder,
          KUBERLR_ALLOWDOWNLOAD: "false",
          DENO_DIR: denoDir(),
          ...env,
        },
      }).output();
      return { code, stderr: new TextDecoder().decode(stderr) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

for (
  const { code, want } of [
    { code: `import { a } from "node:fs";`, want: ["node:fs"] },
    { code: `export * from "./b.ts"; const c = import("./d.ts");`, want: ["./b.ts"] },
    { code: `const text = 'import x from "y"';`, want: [] },
    { code: 'const script = `\\nexport "$x"\\nimport y from "z"\\n`;', want: [] },
  ]
) {
  Deno.test(`findStaticImports() finds ${JSON.stringify(want)} in ${code}`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".js" });
    await Deno.writeTextFile(path, code.replaceAll("\\n", "\n"));
    assertEquals(await findStaticImports(path), want);
    await Deno.remove(path);
  });
}

Deno.test("findStaticImports() looks at the file itself, not at one that it imports", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a.js`, 'import "node:fs";');
  await Deno.writeTextFile(`${folder}/b.js`, 'import "./c.js"; import("./a.js");');
  await Deno.writeTextFile(`${folder}/c.js`, "");
  assertEquals(await findStaticImports(`${folder}/b.js`), ["./c.js"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("nameByOrder() names files by where they are first named, with any names that the bundler gives", () => {
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
    const [a, b, c] of [["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"], ["Z2345678", "Y2345678", "X234567A"]]
  ) {
    const files = made(`api_client-${a}`, `chunk-${b}`, `chunk-${c}`);
    assertEquals(Object.entries(nameByOrder(files, "main.js")), want);
  }
});

Deno.test("bundleModules() leaves what every command loads without a module of Node's or an npm package", async () => {
  const folder = `${await Deno.makeTempDir({ prefix: "kuberlr-modules-" })}/modules`;
  const [entry = ""] = await bundleModules(folder, BUILD);
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const name of await findStaticImports(path)) loaded.add(name.replace(/^\./, folder));
  }
  const modules = Array.from(loaded, (path) => Deno.readTextFileSync(path))
    .flatMap((text) =>
      Array.from(text.matchAll(/^\/\/ ((?:lib\/|npm:)\S+)$/gm), ([, name]) => name)
    );
  assert(modules.includes("lib/memory/steps/recall_kubectl.ts"), modules.join("\n"));
  const late = /^npm:|\/(?:wrapper_mode|api_client)\.ts$/;
  assertEquals(modules.filter((name) => late.test(`${name}`)), []);
  await Deno.remove(folder.replace(/\/modules$/, ""), { recursive: true });
});

Deno.test("escapeNonAscii() leaves code that does the same", () => {
  const code = 'const a = "µ\u{1f600}", b = /[µ漢]/.test("漢"), c = `${a}é`; // “note”\n';
  const escaped = escapeNonAscii(code);
  // deno-lint-ignore no-control-regex
  assertEquals(/[^\x00-\x7f]/.exec(escaped), null);
  const value = (text: string) => new Function(`${text}return [a, b, c];`)();
  assertEquals(value(escaped), value(code));
  assertThrows(() => escapeNonAscii("/\\µ/"), Error, "would be another text");
});

Deno.test("identify() puts a hash of the code into it", async () => {
  const text = 'a("kuberlr-build|1");';
  const identified = await identify(text);
  assertMatch(identified, /^a\("([\da-f]{16})"\);$/);
  assertEquals(await identify(text), identified);
  const [, hash = ""] = /"(.+?)"/.exec(identified)!;
  assertEquals((await identify(text.replace("a(", "c("))).includes(hash), false);
});

for (const text of ["", '"kuberlr-build|1"'.repeat(2)]) {
  Deno.test(`identify() refuses ${JSON.stringify(text)}`, async () => {
    await assertRejects(() => identify(text), Error, "Cannot identify");
  });
}
