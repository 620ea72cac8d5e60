/**
 * The files of a release: two builds give the same bytes, hold no trace of the build machine, and
 * run.
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { unzipSync } from "fflate";
import { tarGz, zip } from "../../tools/archive.ts";
import {
  compileExecutable,
  makeArchive,
  makeLicenses,
  makeModules,
  makeSingleFile,
  renderChecksums,
} from "../../tools/compile.ts";
import { findUnexpectedSettings, type Metadata, readMetadata } from "../../tools/embedded.ts";
import { withoutMachinePaths } from "../../tools/portable.ts";
import { releasedFiles } from "../../tools/released_files.ts";
import {
  archiveName,
  executableName,
  ownTarget,
  parseTarget,
  type Target,
  TARGETS,
} from "../../tools/targets.ts";
import { CompilerUnavailable, findCompiler } from "../support/denort.ts";
import { hexDigest } from "../support/real_kubectls.ts";
import { denoDir } from "../support/sandbox.ts";

const EPOCH_SECONDS = 1_795_249_867;
const ROOT = import.meta.dirname!.replace(/[\\/]tests[\\/]tools$/, "");

Deno.test("makeSingleFile() leaves nothing of this machine in the file, and dates it", async () => {
  await using folder = await temporary();
  const path = await makeSingleFile(folder.path, EPOCH_SECONDS);
  const text = await Deno.readTextFile(path);
  assertEquals(traces(text), []);
  assertEquals((await Deno.stat(path)).mtime?.getTime(), EPOCH_SECONDS * 1000);
});

Deno.test("the single file is the same bytes wherever the checkout and Deno's cache lie", async () => {
  await using folder = await temporary();
  const copy = `${folder.path}/deeper/and deeper`;
  for (const source of ["deno.json", "deno.lock", "main.ts", "lib", "std", "tools"]) {
    await copyAll(`${ROOT}/${source}`, `${copy}/${source}`);
  }
  const version = `${folder.path}/version`;
  await Deno.writeTextFile(version, "KUBE_GIT_VERSION='v1.2.3'\n");
  const build = async (root: string, cache: string): Promise<readonly string[]> => {
    const file = `${folder.path}/kuberlr.js`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tools/bundle.ts", file],
      cwd: root,
      env: {
        DENO_DIR: cache,
        KUBE_GIT_VERSION_FILE: version,
        SOURCE_DATE_EPOCH: `${EPOCH_SECONDS}`,
      },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return (await Deno.readTextFile(file)).split("\n");
  };
  const here = await build(ROOT, denoDir());
  const otherCache = `${folder.path}/Zoë O'Neil/cache`;
  // `dl` has the bundler, which the first build has installed.
  for (const source of ["npm", "dl"]) {
    await copyAll(`${denoDir()}/${source}`, `${otherCache}/${source}`);
  }
  const there = await build(copy, otherCache);
  assertEquals(here.filter((line, index) => line !== there[index]), []);
  assertEquals(here.length, there.length);
});

async function copyAll(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.mkdir(to.replace(/\/[^/]*$/, ""), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) {
    await copyAll(`${from}/${name}`, `${to}/${name}`);
  }
}

await compilerTest(
  "compileExecutable() makes the same executable twice, and it runs",
  async (compiler) => {
    await using folder = await temporary();
    const target = ownTarget();
    const executables = [];
    for (const name of ["one", "two"]) {
      const script = await makeModules(`${folder.path}/${name}`, EPOCH_SECONDS);
      const output = `${folder.path}/${name}-${executableName(target)}`;
      await compileExecutable(script, output, target, compiler);
      executables.push(output);
    }
    const [one, two] = await Promise.all(executables.map((path) => Deno.readFile(path)));
    assertEquals(await hexDigest("SHA-256", one!), await hexDigest("SHA-256", two!));

    const metadata = readMetadata(one!);
    assertEquals(findUnexpectedSettings(metadata), []);
    assertEquals(traces(new TextDecoder().decode(one!.subarray(-3_000_000))), []);

    const { stdout } = await new Deno.Command(executables[0]!, { args: ["version", "-o", "json"] })
      .output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)).buildDate, "2026-11-21T08:31:07Z");
  },
);

await compilerTest(
  "compileExecutable() compiles nothing of the environment in",
  async (compiler) => {
    await using folder = await temporary();
    const script = `${folder.path}/kuberlr.js`;
    await Deno.writeTextFile(script, "");
    const output = `${folder.path}/program`;
    Deno.env.set("DENO_V8_FLAGS", "--max-old-space-size=10");
    Deno.env.set("DENO_TLS_CA_STORE", "system");
    Deno.env.set("OTEL_DENO", "true");
    try {
      await compileExecutable(script, output, ownTarget(), compiler);
    } finally {
      for (const name of ["DENO_V8_FLAGS", "DENO_TLS_CA_STORE", "OTEL_DENO"]) Deno.env.delete(name);
    }
    const metadata = JSON.stringify(readMetadata(await Deno.readFile(output)));
    assertEquals(metadata.includes("max-old-space-size"), false);
    assertEquals(metadata.includes(`"tracing_enabled":true`), false);
  },
);

Deno.test("makeArchive() packs licences, README and completions beside the executable", async () => {
  await using folder = await temporary();
  const release = {
    executable: new TextEncoder().encode("#!program"),
    licenses: await Deno.readTextFile(await makeLicenses(folder.path)),
    version: "1.2.3",
    epochSeconds: EPOCH_SECONDS,
  };
  const archiveFor = async (target: Target) =>
    await makeArchive(await releasedFiles(target, release), target, folder.path, EPOCH_SECONDS);
  const beside = [
    "LICENSE",
    "README.md",
    "THIRD-PARTY-LICENSES",
    "completions/_kuberlr",
    "completions/kuberlr.bash",
    "completions/kuberlr.fish",
    "completions/kuberlr.ps1",
  ];

  const zipped = await archiveFor(parseTarget("windows/amd64"));
  const entries = unzipSync(await Deno.readFile(zipped));
  const names = ["kuberlr.exe", ...beside].map((name) => `kuberlr-windows-amd64/${name}`);
  assertEquals(Object.keys(entries).toSorted(), names.toSorted());
  const licenses = new TextDecoder().decode(
    entries["kuberlr-windows-amd64/THIRD-PARTY-LICENSES"],
  );
  assertMatch(licenses, /^js-yaml \d+\.\d+\.\d+ \(MIT\)$/m);

  const linux = await archiveFor(parseTarget("linux-arm64"));
  assertEquals(
    (await untar(linux)).toSorted((a, b) => a.path < b.path ? -1 : 1)
      .map(({ path, mode }) => `${mode} ${path}`),
    [
      ...beside.map((name) => `644 kuberlr-linux-arm64/${name}`),
      "755 kuberlr-linux-arm64/kuberlr",
      "644 kuberlr-linux-arm64/man/kuberlr.1",
    ],
  );
  const sums = await renderChecksums([zipped, linux]);
  assertEquals(
    sums,
    [linux, zipped].map((path) => {
      const name = path.slice(folder.path.length + 1);
      return `${sums.split("\n").find((line) => line.endsWith(name))?.slice(0, 64)}  ${name}\n`;
    }).join(""),
  );
  assertMatch(sums, /^([0-9a-f]{64} {2}kuberlr-[a-z]+-[a-z0-9]+\.[a-z.]+\n){2}$/);
});

Deno.test("archives depend on nothing but what is in them", async () => {
  const entries = [
    { path: "a/tool", mode: 0o755, bytes: new TextEncoder().encode("tool") },
    { path: "a/empty", mode: 0o644, bytes: new Uint8Array() },
    { path: "a/block", mode: 0o644, bytes: new Uint8Array(512).fill(65) },
  ];
  const digests = async () => [
    await hexDigest("SHA-256", await tarGz(entries, EPOCH_SECONDS)),
    await hexDigest("SHA-256", zip(entries, EPOCH_SECONDS)),
  ];
  const here = await digests();
  const zone = Deno.env.get("TZ");
  try {
    Deno.env.set("TZ", "Pacific/Kiritimati");
    assertEquals(await digests(), here);
  } finally {
    if (zone === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", zone);
  }
});

for (
  const { path, want } of [
    {
      path: "../../home/me/.cache/deno/npm/npm.example.com/js-yaml/4.3.2/a.js",
      want: "npm:js-yaml/4.3.2/a.js",
    },
    {
      path: "../cache/npm/npm.example.com/@scope/name/1.0.0-rc.1/a.js",
      want: "npm:@scope/name/1.0.0-rc.1/a.js",
    },
    {
      path: "C:/Users/me/AppData/Local/deno/npm/localhost_4873/a/1.0.0/a.js",
      want: "npm:a/1.0.0/a.js",
    },
    {
      path: "../../home/Zoë O'Neil/.cache/deno/npm/npm.example.com/a/1.0.0/a.js",
      want: "npm:a/1.0.0/a.js",
    },
    {
      path: String.raw`../../home/Zo\xEB \u{1F600}/npm/npm.example.com/a/1.0.0/a.js`,
      want: "npm:a/1.0.0/a.js",
    },
    { path: "lib/version/version.ts", want: "lib/version/version.ts" },
  ]
) {
  Deno.test(`withoutMachinePaths() makes ${want} of ${path}`, () => {
    assertEquals(withoutMachinePaths(`// ${path}\n"${path}"() {`), `// ${want}\n"${want}"() {`);
    assertEquals(withoutMachinePaths(`x("./a", "${path}")`), `x("./a", "${want}")`);
  });
}

const CLEAN: Metadata = {
  argv: [],
  permissions: { allow_net: [], deny_net: null, prompt: false },
  code_cache_key: null,
  ca_stores: null,
  ca_data: null,
  unsafely_ignore_certificate_errors: null,
  env_vars_from_env_file: {},
  entrypoint_key: "kuberlr.js",
  workspace_resolver: { import_map: null },
};

for (
  const { name, change, want } of [
    { name: "as it is meant to be", change: {}, want: [] },
    {
      name: "with a permission for one host",
      change: { permissions: { allow_net: ["localhost"], prompt: false } },
      want: [`"allow_net" is restricted`],
    },
    {
      name: "that prompts",
      change: { permissions: { allow_net: [], prompt: true } },
      want: [`"prompt" is set`, `"prompt" is not off`],
    },
    { name: "with a code cache", change: { code_cache_key: 1 }, want: [`"code_cache_key" is set`] },
    {
      name: "that believes any certificate",
      change: { unsafely_ignore_certificate_errors: [] },
      want: [`"unsafely_ignore_certificate_errors" is set`],
    },
    {
      name: "that starts something else",
      change: { entrypoint_key: "home/me/kuberlr.js" },
      want: ["it starts home/me/kuberlr.js"],
    },
  ]
) {
  Deno.test(`findUnexpectedSettings() of an executable ${name}`, () => {
    assertEquals(findUnexpectedSettings({ ...CLEAN, ...change }), want);
  });
}

Deno.test("targets are named as Go names platforms", () => {
  assertEquals(TARGETS.map(archiveName), [
    "kuberlr-linux-amd64.tar.gz",
    "kuberlr-linux-arm64.tar.gz",
    "kuberlr-darwin-amd64.tar.gz",
    "kuberlr-darwin-arm64.tar.gz",
    "kuberlr-windows-amd64.zip",
    "kuberlr-windows-arm64.zip",
  ]);
  assertThrows(() => parseTarget("linux-s390x"), Error, `"linux-s390x"`);
});

/** Texts that would show which machine built it. */
function traces(text: string): readonly string[] {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
  const places = [
    ROOT,
    `${home}/.cache`,
    `${home}/Library`,
    "file:///",
    "/deno/npm/",
    "kuberlr-dev",
  ];
  return places.filter((place) => text.includes(place));
}

async function compilerTest(
  name: string,
  fn: (compiler: { deno: string; env: Readonly<Record<string, string>> }) => Promise<void>,
): Promise<void> {
  try {
    const compiler = await findCompiler();
    Deno.test(name, () => fn(compiler));
  } catch (error) {
    if (!(error instanceof CompilerUnavailable) || Deno.env.get("CI")) throw error;
    Deno.test({ name: `${name} (ignored: ${error.message})`, ignore: true, fn() {} });
  }
}

async function untar(path: string): Promise<readonly { path: string; mode: string }[]> {
  const body = new Response(await Deno.readFile(path)).body!;
  const tar = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).bytes();
  const text = (start: number, end: number) =>
    new TextDecoder().decode(tar.subarray(start, end)).split("\0")[0]!;
  const entries = [];
  for (let at = 0; text(at, at + 100) !== "";) {
    entries.push({ path: text(at, at + 100), mode: text(at + 104, at + 107) });
    at += 512 + Math.ceil(parseInt(text(at + 124, at + 136), 8) / 512) * 512;
  }
  return entries;
}

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "kuberlr-compile-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
