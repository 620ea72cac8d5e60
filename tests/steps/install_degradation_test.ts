import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { KuberlrError } from "../../lib/errors.ts";
import { parseReceipt } from "../../lib/receipt.ts";
import { installKubectl } from "../../lib/steps/install_kubectl.ts";
import { type InstallWorld, installWorld, mirrorConfig, wanted } from "../support/install_world.ts";
import { type Mirror, startMirror } from "../support/mirror.ts";
import { elfBytes } from "../support/mirror_files.ts";

const windows = Deno.build.os === "windows";
const root = Deno.build.os !== "windows" && Deno.uid() === 0;
const BYTES = elfBytes(50_000);
const SCRIPT = new TextEncoder().encode("#!/bin/sh\n");

const startIt = () => startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
const install = (
  world: InstallWorld,
  mirror: Mirror,
  layout = world.layout as InstallWorld["layout"] | undefined,
) => installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), layout, world.host);

/** What is there already, and how often the mirror is then asked for the kubectl. */
for (
  const { name, prepare, asked, note } of [
    {
      name: "uses what is there and was put there by somebody else",
      prepare: (world: InstallWorld) => put(world, SCRIPT, 0o755),
      asked: 0,
      note: undefined,
    },
    {
      name: "replaces what is there and cannot be executed",
      prepare: (world: InstallWorld) => put(world, BYTES.subarray(0, 100), 0o644),
      asked: 1,
      note: /kubectl1\.30\.2" is not executable: it was fetched again/,
    },
    {
      name: "replaces what every user can write",
      prepare: (world: InstallWorld) => put(world, SCRIPT, 0o777),
      asked: 1,
      note: /can be written by every user: it was fetched again/,
    },
    {
      name: "replaces a link that leads out of the folder",
      prepare(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.symlinkSync("/bin/sh", `${world.layout.binaries}/kubectl1.30.2`);
      },
      asked: 1,
      note: /is a link that leads out of its folder: it was fetched again/,
    },
    {
      name: "replaces a link that leads nowhere",
      prepare(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.symlinkSync("nothing", `${world.layout.binaries}/kubectl1.30.2`);
      },
      asked: 1,
      note: /is a link that leads nowhere: it was fetched again/,
    },
  ]
) {
  Deno.test({
    name: `installKubectl() ${name}${windows ? " (ignored: Windows has no modes)" : ""}`,
    ignore: windows,
    async fn() {
      using world = installWorld();
      await using mirror = await startIt();
      prepare(world);
      const { path, notes, downloaded } = await install(world, mirror);
      assertEquals(path, `${world.layout.binaries}/kubectl1.30.2`);
      assertEquals(mirror.binaryRequests().length, asked);
      assertEquals(downloaded, asked > 0);
      if (asked > 0) assertEquals(Deno.readFileSync(path), BYTES);
      if (note === undefined) assertEquals(notes, []);
      else assertMatch(notes.join("\n"), note);
    },
  });
}

Deno.test("installKubectl() asks no mirror for what it has installed before", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  await install(world, mirror);
  const { downloaded } = await install(world, mirror);
  assertEquals(downloaded, false);
  assertEquals(mirror.requests.length, 2);
});

for (
  const { name, change } of [
    {
      name: "longer",
      change: (path: string) => Deno.writeTextFileSync(path, "x", { append: true }),
    },
    {
      name: "changed in one byte",
      change(path: string) {
        const bytes = BYTES.slice();
        bytes[40_000] = (bytes[40_000] ?? 0) ^ 1;
        Deno.writeFileSync(path, bytes);
      },
    },
    { name: "empty", change: (path: string) => Deno.truncateSync(path, 0) },
  ]
) {
  Deno.test(`installKubectl() fetches again what is ${name} since it was installed`, async () => {
    using world = installWorld();
    await using mirror = await startIt();
    const { path } = await install(world, mirror);
    await later(path);
    change(path);
    const { notes } = await install(world, mirror);
    assertEquals(notes, [`"${path}" is no longer what was installed: it was fetched again`]);
    assertEquals(Deno.readFileSync(path), BYTES);
    assertEquals(mirror.binaryRequests().length, 2);
  });
}

Deno.test("installKubectl() keeps what was touched and is still the same, and renews its receipt", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  const { path } = await install(world, mirror);
  Deno.utimeSync(path, 1_000_000, 1_000_000);
  const { downloaded } = await install(world, mirror);
  assertEquals(downloaded, false);
  const receipt = parseReceipt(Deno.readTextFileSync(`${world.layout.receipts}/1.30.2.json`));
  assertEquals(receipt?.file.mtimeMs, 1_000_000_000);
});

Deno.test("installKubectl() uses a private temporary folder where there is no home, and finds it again", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  const first = await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(mirror.url),
    undefined,
    world.host,
  );
  assert(first.path.startsWith(`${world.home}/tmp/kuberlr-kubectls-`), first.path);
  assertEquals(Deno.readFileSync(first.path), BYTES);
  assertEquals(first.notes.length, 1);
  assertStringIncludes(first.notes[0] ?? "", "There is no home folder");
  const [folder = ""] = [...Deno.readDirSync(`${world.home}/tmp`)].map(({ name }) => name);
  if (!windows) assertEquals(world.host.files.stat(`${world.home}/tmp/${folder}`)?.mode, 0o700);
  const second = await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(mirror.url),
    undefined,
    world.host,
  );
  if (!windows) assertEquals(second.path, first.path);
  if (!windows) assertEquals(mirror.binaryRequests().length, 1);
});

Deno.test({
  name: `installKubectl() takes no temporary folder that others could have prepared${
    windows ? " (ignored: Windows has no modes)" : ""
  }`,
  ignore: windows,
  async fn() {
    using world = installWorld();
    await using mirror = await startIt();
    const tmp = `${world.home}/tmp`;
    Deno.mkdirSync(`${tmp}/kuberlr-kubectls-open`, { mode: 0o755 });
    Deno.chmodSync(`${tmp}/kuberlr-kubectls-open`, 0o755);
    Deno.mkdirSync(`${tmp}/target`, { mode: 0o700 });
    Deno.symlinkSync("target", `${tmp}/kuberlr-kubectls-link`);
    Deno.mkdirSync(`${tmp}/kuberlr-other`, { mode: 0o700 });
    if (root) {
      Deno.mkdirSync(`${tmp}/kuberlr-kubectls-foreign`, { mode: 0o700 });
      Deno.chownSync(`${tmp}/kuberlr-kubectls-foreign`, 12345, 12345);
    }
    const { path } = await installKubectl(
      wanted("1.30.2"),
      mirrorConfig(mirror.url),
      undefined,
      world.host,
    );
    assertMatch(path.slice(tmp.length), /^\/kuberlr-kubectls-(?!open|link|foreign)[^/]+\//);
  },
});

for (
  const { name, spoil, reason } of [
    {
      name: "a file stands in its place",
      spoil: (world: InstallWorld) => Deno.writeTextFileSync(`${world.home}/.kuberlr`, ""),
      reason: /directory|exists/i,
    },
    {
      name: "a folder has the kubectl's name",
      spoil: (world: InstallWorld) =>
        Deno.mkdirSync(`${world.layout.binaries}/kubectl1.30.2/x`, { recursive: true }),
      reason: /directory/i,
    },
    {
      name: "every user can write it",
      spoil(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.chmodSync(world.layout.binaries, 0o777);
      },
      reason: /it can be written by every user/,
    },
    {
      name: "it is a link that leads out",
      spoil(world: InstallWorld) {
        Deno.mkdirSync(world.layout.root, { recursive: true });
        Deno.mkdirSync(`${world.home}/elsewhere`);
        Deno.symlinkSync(`${world.home}/elsewhere`, world.layout.binaries);
      },
      reason: /it is a link that leads out of its folder/,
    },
    ...(root
      ? [{
        name: "another user owns it",
        spoil(world: InstallWorld) {
          Deno.mkdirSync(world.layout.binaries, { recursive: true });
          Deno.chownSync(world.layout.root, 12345, 12345);
        },
        reason: /it belongs to another user/,
      }]
      : [{
        name: "it may not be written",
        spoil(world: InstallWorld) {
          Deno.mkdirSync(world.layout.binaries, { recursive: true });
          Deno.chmodSync(world.layout.binaries, 0o500);
        },
        reason: /denied/,
      }]),
  ]
) {
  Deno.test({
    name: `installKubectl() does without kuberlr's folder when ${name}${
      windows ? " (ignored: Windows has no modes)" : ""
    }`,
    ignore: windows,
    async fn() {
      using world = installWorld();
      await using mirror = await startIt();
      spoil(world);
      const { path, notes } = await install(world, mirror);
      assert(path.startsWith(`${world.home}/tmp/kuberlr-kubectls-`), path);
      assertEquals(Deno.readFileSync(path), BYTES);
      assertEquals(notes.length, 2);
      assertMatch(notes[0] ?? "", /^Cannot use "/);
      assertMatch(notes[0] ?? "", reason);
      assertMatch(notes[1] ?? "", /^kubectl is kept in "/);
    },
  });
}

for (
  const { name, spoil } of [
    { name: "receipts", spoil: (world: InstallWorld) => foreign(world.layout.receipts) },
    { name: "locks", spoil: (world: InstallWorld) => foreign(world.layout.locks) },
    { name: "the cache", spoil: (world: InstallWorld) => foreign(world.layout.cache) },
  ]
) {
  Deno.test(`installKubectl() works when a file stands where ${name} should be`, async () => {
    using world = installWorld();
    await using mirror = await startIt();
    spoil(world);
    const { path } = await install(world, mirror);
    assertEquals(path, `${world.layout.binaries}/kubectl1.30.2`);
    assertEquals(Deno.readFileSync(path), BYTES);
  });
}

Deno.test("installKubectl() says so when nothing can be written anywhere", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  Deno.writeTextFileSync(`${world.home}/file`, "");
  const error = await assertRejects(
    () =>
      installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), world.layout, world.host, {
        directory: `${world.home}/file/x`,
      }),
    KuberlrError,
  );
  assertEquals(error.code, "cannot-write");
  assertStringIncludes(error.message, `${world.home}/file/x`);
});

function put({ layout }: InstallWorld, bytes: Uint8Array, mode: number): void {
  Deno.mkdirSync(layout.binaries, { recursive: true });
  const path = `${layout.binaries}/kubectl1.30.2`;
  Deno.writeFileSync(path, bytes);
  Deno.chmodSync(path, mode);
}

function foreign(path: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(path, "");
}

/** So that the next change has another time than the last, whatever the clock's grain. */
async function later(path: string): Promise<void> {
  const before = Deno.statSync(path).mtime?.getTime() ?? 0;
  while (Date.now() <= before) await new Promise((resolve) => setTimeout(resolve, 1));
}
