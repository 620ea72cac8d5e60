/** Workflows, packaging and the page about releases name things in other files: these exist. */
import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import config from "../../deno.json" with { type: "json" };
import { formatPlatform } from "../../lib/platform.ts";
import { TARGETS } from "../../tools/targets.ts";
import { misread } from "../support/bash_3.ts";

const ROOT = new URL("../..", import.meta.url);
const WORKFLOWS = [".github/workflows/ci.yml", ".github/workflows/release.yml"];
const ACTION = "packaging/setup-kuberlr/action.yml";
/** The action that provides Deno, and npm's files beside it. */
const DENO_ACTION = ".github/actions/deno";

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions: unknown;
  readonly strategy?: { readonly matrix: { readonly include: readonly { target: string }[] } };
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface ActionStep {
  readonly shell?: string;
  readonly run?: string;
}

const read = async (path: string) => await Deno.readTextFile(new URL(path, ROOT));
const load = async (path: string) => parse(await read(path), { schema: "core" }) as Workflow;

for (const path of WORKFLOWS) {
  Deno.test(`${path} gives every job what it needs, and nothing to the rest`, async () => {
    const { permissions, jobs } = await load(path);
    assertEquals(permissions, {});
    const writers = Object.entries(jobs).filter(([, job]) =>
      /write/.test(JSON.stringify(job.permissions))
    )
      .map(([name]) => name);
    assertEquals(writers, path.endsWith("release.yml") ? ["publish", "image"] : []);
  });

  Deno.test(`${path} uses actions by commit, with the release beside it`, async () => {
    const uses = (await read(path)).match(/uses: .*/g) ?? [];
    assert(uses.length > 0);
    const loose = uses.filter((line) =>
      line !== `uses: ./${DENO_ACTION}` && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)
    );
    assertEquals(loose, []);
  });
}

for (const path of [...WORKFLOWS, ACTION, `${DENO_ACTION}/action.yml`]) {
  Deno.test(`bash 3.2, which macOS has, reads every script of ${path}`, async () => {
    const scripts = scriptsOf(parse(await read(path), { schema: "core" }));
    assert(scripts.length > 0);
    assertEquals(scripts.flatMap(misread), []);
  });
}

for (const path of [...WORKFLOWS, ACTION, `${DENO_ACTION}/action.yml`]) {
  Deno.test(`no script of ${path} holds an expression, whose value a shell would read as code`, async () => {
    const scripts = scriptsOf(parse(await read(path), { schema: "core" }));
    assertEquals(scripts.filter((script) => script.includes("${{")), []);
  });
}

/** Returns the values of `run` at any depth. */
function scriptsOf(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "run" && typeof value === "string" ? [value] : scriptsOf(value)
  );
}

Deno.test("what tests cannot write what is released", async () => {
  const { jobs } = await load(".github/workflows/release.yml");
  const runs = (name: string) => (jobs[name]?.steps ?? []).map(({ run = "" }) => run).join("\n");
  const uses = (action: string) =>
    Object.entries(jobs).filter(([, { steps }]) =>
      steps.some((step) => step.uses?.startsWith(`${action}@`))
    ).map(([name]) => name);
  assertEquals(uses("actions/upload-artifact"), ["build"]);
  assertEquals(uses("actions/cache"), []);
  assertEquals(jobs["build"]?.needs, undefined);
  assertEquals(runs("build").match(/\b(?:task (?:ok|test\S*)|deno test|DENO test)\b/g), null);
  assertEquals(jobs["publish"]?.needs, ["gate", "build", "smoke"]);
  assertEquals(runs("gate").trim().split("\n"), [
    "$DENO run --allow-run=git --allow-read tools/generate_digests.ts --only-added",
    "$DENO run --allow-net=dl.k8s.io --allow-read tools/generate_digests.ts --check",
    "$DENO task ok",
  ]);
});

Deno.test("the release is built without the packages of tests", async () => {
  const { jobs } = await load(".github/workflows/release.yml");
  const steps = (jobs["build"]?.steps ?? []).map(({ run = "" }) => run).join("\n");
  const tools = new Set(steps.match(/tools\/\w+\.ts/g));
  for (const [, task = ""] of steps.matchAll(/DENO task (\w+)/g)) {
    tools.add(/tools\/\w+\.ts/.exec(config.tasks[task as "compile"].command)?.[0] ?? task);
  }
  const own = await packagesOf("main.ts");
  const loaded = await Promise.all([...tools].map(packagesOf));
  // fflate makes the archives.
  assertEquals(new Set(loaded.flat()).difference(new Set(own)), new Set(["fflate"]));
});

/** Returns the names of the npm packages that a module imports, and of their dependencies. */
async function packagesOf(path: string): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    cwd: ROOT,
  }).output();
  const { modules, npmPackages } = JSON.parse(new TextDecoder().decode(stdout));
  const found = new Set<string>();
  const add = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    npmPackages[id].dependencies.forEach(add);
  };
  for (const { npmPackage } of modules) if (npmPackage !== undefined) add(npmPackage);
  return Array.from(found, (id) => npmPackages[id].name);
}

Deno.test("the release is run on every platform that it is for", async () => {
  const { jobs } = await load(".github/workflows/release.yml");
  assertEquals(
    jobs["smoke"]?.strategy?.matrix.include.map(({ target }) => target),
    TARGETS.map(formatPlatform),
  );
});

for (const path of [...WORKFLOWS, "docs/dev/releasing.md", "packaging/Dockerfile"]) {
  Deno.test(`${path} names tasks and files that exist`, async () => {
    const text = await read(path);
    const tasks = Array.from(
      text.matchAll(/(?:\$DENO|deno(?:@[\d.]+)?) task ([a-z][a-z:]*[a-z])/g),
      ([, name = ""]) => name,
    );
    assert(tasks.length > 0);
    assertEquals(tasks.filter((name) => !(name in config.tasks)), []);
    const files = text.match(/\b(?:tools|tests|packaging)\/[\w/]+\.\w+|packaging\/Dockerfile/g) ??
      [];
    assertEquals(files.filter((file) => !exists(file)), []);
  });
}

Deno.test("setup-kuberlr checks a digest before it runs anything, and its scripts are bash", async () => {
  const action = parse(await read(ACTION), { schema: "core" }) as {
    readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
  };
  assertEquals(action.runs.using, "composite");
  const [install, lock] = action.runs.steps;
  const script = install?.run ?? "";
  const order = ["gh release download", "sha256sum", "exit 1", "tar -xzf", "link --dir"];
  const places = order.map((words) => script.lastIndexOf(words));
  assertEquals(places, places.toSorted((a, b) => a - b));
  assertEquals(places.includes(-1), false);
  for (const step of [install, lock]) {
    // Inputs come through the environment, so that no shell reads them as code.
    assertEquals([step?.shell, /\$\{\{/.test(step?.run ?? "")], ["bash", false]);
  }
  assert(lock?.run?.includes('kuberlr get --lock "$LOCK"'));
});

for (const path of WORKFLOWS) {
  Deno.test(`${path} runs the Deno of the action, and no other`, async () => {
    const { jobs } = await load(path);
    for (const [name, { steps }] of Object.entries(jobs)) {
      const first = steps.findIndex(({ run = "" }) => run.includes("$DENO"));
      const provided = steps.findIndex(({ uses }) => uses === `./${DENO_ACTION}`);
      assertEquals([name, provided >= 0], [name, first >= 0]);
      assert(provided <= first, name);
    }
    assertEquals((await read(path)).match(/\bnpx\b|setup-deno|install\.sh/g), null);
  });
}

Deno.test("the action's Deno is pinned by a hash on every platform that the release is for", async () => {
  const own = JSON.parse(await read(`${DENO_ACTION}/package.json`));
  const { packages } = JSON.parse(await read(`${DENO_ACTION}/package-lock.json`));
  const { "": _, ...locked } = packages as Record<string, LockedPackage>;
  const systems: Readonly<Record<string, string>> = { windows: "win32" };
  const processors: Readonly<Record<string, string>> = { amd64: "x64" };
  const platforms = TARGETS.map(({ os, arch }) =>
    `node_modules/@deno/${systems[os] ?? os}-${processors[arch] ?? arch}${
      os === "linux" ? "-glibc" : ""
    }`
  );
  const bundler = "node_modules/@esbuild/linux-x64";
  assertEquals(
    Object.keys(locked).toSorted(),
    [...platforms, bundler, "node_modules/deno"].toSorted(),
  );
  const bundlerVersion = own.optionalDependencies["@esbuild/linux-x64"];
  for (const [name, { version, integrity, resolved }] of Object.entries(locked)) {
    assertEquals(version, name === bundler ? bundlerVersion : own.dependencies.deno);
    assertEquals(/^sha512-[\w+/]{86}==$/.test(integrity), true);
    assertEquals(resolved?.startsWith("https://registry.npmjs.org/") ?? true, true);
  }
  const scripts = scriptsOf(parse(await read(`${DENO_ACTION}/action.yml`), { schema: "core" }));
  assertEquals(scripts.join("\n").match(/npm \w+.*--ignore-scripts/g)?.length, 1);
  assert(scripts.join("\n").includes(`/dl/esbuild-${bundlerVersion}-1/esbuild-linux-x64`));
});

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
  readonly resolved?: string;
}

Deno.test("one version of Deno is named everywhere, and Renovate raises all of them", async () => {
  const { customManagers: [{ matchStrings: [pattern] }] } = JSON.parse(await read("renovate.json"));
  const { dependencies } = JSON.parse(await read(`${DENO_ACTION}/package.json`));
  const named = new Set<string>([dependencies.deno]);
  for (
    const path of [
      "README.md",
      "CONTRIBUTING.md",
      ".ci/run",
      "docs/install.md",
      "docs/dev/releasing.md",
      "tools/render_demo.ts",
    ]
  ) {
    const versions = Array.from(
      (await read(path)).matchAll(new RegExp(pattern, "g")),
      ([, v = ""]) => v,
    );
    assert(versions.length > 0, `${path} names none`);
    for (const version of versions) named.add(version);
  }
  assertEquals(named.size, 1, [...named].join(", "));
});

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}
