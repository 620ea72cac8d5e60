/** Files that already exist, and what an install does with them. */
import { assertEquals, assertMatch } from "@std/assert";
import { parseReceipt } from "../../../lib/kubectls/receipt.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  wanted,
} from "../../support/install_world.ts";
import { type Mirror, startMirror } from "../../support/mirror.ts";
import { elfBytes } from "../../support/mirror_files.ts";

const windows = Deno.build.os === "windows";
const BYTES = elfBytes(50_000);
const SCRIPT = new TextEncoder().encode("#!/bin/sh\n");

const startIt = () => startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
const install = (world: InstallWorld, mirror: Mirror) =>
  installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);

/** The file that already exists, and how often the mirror is then asked for the kubectl. */
for (
  const { name, prepare, asked, note } of [
    {
      name: "uses a file that another program put there",
      prepare: (world: InstallWorld) => put(world, SCRIPT, 0o755),
      asked: 0,
      note: undefined,
    },
    {
      name: "leaves what the user put there and cannot be executed",
      prepare: (world: InstallWorld) => put(world, BYTES.subarray(0, 100), 0o644),
      asked: 1,
      note: /kubectl1\.30\.2" is not executable, and is left as it is/,
    },
    {
      name: "leaves what the user put there and every user can write",
      prepare: (world: InstallWorld) => put(world, SCRIPT, 0o777),
      asked: 1,
      note: /can be written by every user, and is left as it is/,
    },
    {
      name: "leaves a link that leads out of the folder",
      prepare(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.symlinkSync("/bin/sh", `${world.layout.binaries}/kubectl1.30.2`);
      },
      asked: 1,
      note: /is a link that leads out of its folder, and is left as it is/,
    },
    {
      name: "leaves a link that leads nowhere",
      prepare(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.symlinkSync("nothing", `${world.layout.binaries}/kubectl1.30.2`);
      },
      asked: 1,
      note: /is a link that leads nowhere, and is left as it is/,
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
      const own = `${world.layout.binaries}/kubectl1.30.2`;
      const before = describe(own);
      const { path, notes, downloaded } = await install(world, mirror);
      if (asked === 0) assertEquals(path, own);
      else assertMatch(path, /\/tmp\/kuberlr-kubectls-\d+\/[^/]+\/kubectl1\.30\.2$/);
      assertEquals(describe(own), before);
      assertEquals(mirror.binaryRequests().length, asked);
      assertEquals(downloaded, asked > 0);
      if (asked > 0) assertEquals(Deno.readFileSync(path), BYTES);
      if (note === undefined) assertEquals(notes, []);
      else assertMatch(notes.join("\n"), note);
    },
  });
}

for (
  const { name, spoil, why } of [
    {
      name: "can no longer be executed",
      spoil: (path: string) => Deno.chmodSync(path, 0o644),
      why: "is not executable",
    },
    {
      name: "every user can write by now",
      spoil: (path: string) => Deno.chmodSync(path, 0o777),
      why: "can be written by every user",
    },
    {
      name: "is no longer what it installed",
      spoil: (path: string) => Deno.writeTextFileSync(path, "#!/bin/sh\n"),
      why: "is no longer what was installed",
    },
  ]
) {
  Deno.test({
    name: `installKubectl() replaces what ${name}${
      windows ? " (ignored: Windows has no modes)" : ""
    }`,
    ignore: windows,
    async fn() {
      using world = installWorld();
      await using mirror = await startIt();
      const { path } = await install(world, mirror);
      spoil(path);
      const again = await install(world, mirror);
      assertEquals(again.path, path);
      assertEquals(again.notes, [`"${path}" ${why}: it was downloaded again`]);
      assertEquals(Deno.readFileSync(path), BYTES);
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o755);
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
    assertEquals(notes, [`"${path}" is no longer what was installed: it was downloaded again`]);
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

function describe(path: string) {
  const { ino, mode, size, ctime } = Deno.lstatSync(path);
  return { ino, mode, size, ctime };
}

function put({ layout }: InstallWorld, bytes: Uint8Array, mode: number): void {
  Deno.mkdirSync(layout.binaries, { recursive: true });
  const path = `${layout.binaries}/kubectl1.30.2`;
  Deno.writeFileSync(path, bytes);
  Deno.chmodSync(path, mode);
}

/** Waits until the next change gets another time than the last one, with any clock resolution. */
async function later(path: string): Promise<void> {
  const before = Deno.statSync(path).mtime?.getTime() ?? 0;
  while (Date.now() <= before) await new Promise((resolve) => setTimeout(resolve, 1));
}
