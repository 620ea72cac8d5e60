/** The places where a kubectl can go if its usual place cannot be used. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { HostError, KuberlrError } from "../../../lib/errors.ts";
import type { Host } from "../../../lib/ports/host.ts";
import { kubectlFileName } from "../../../lib/files/layout.ts";
import { folderOf, joinPath } from "../../../lib/platform.ts";
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
const root = Deno.build.os !== "windows" && Deno.uid() === 0;
const BYTES = elfBytes(50_000);

const onUnix = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: windows ? `${name} (ignored: Windows has no modes)` : name,
    ignore: windows,
    fn,
  });

const startIt = () => startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
const install = (world: InstallWorld, mirror: Mirror) =>
  installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);

Deno.test("installKubectl() uses a private temporary folder where there is no home, and finds it again", async () => {
  using world = installWorld();
  withoutHome(world);
  await using mirror = await startIt();
  const first = await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
  assertMatch(first.path, /[\\/]tmp[\\/]kuberlr-kubectls\b/);
  assertEquals(Deno.readFileSync(first.path), BYTES);
  assertEquals(first.notes.length, 1);
  assertStringIncludes(first.notes[0] ?? "", "There is no home folder");
  const [folder = ""] = [...Deno.readDirSync(`${world.home}/tmp`)].map(({ name }) => name);
  if (!windows) assertEquals(world.host.files.stat(`${world.home}/tmp/${folder}`)?.mode, 0o700);
  const second = await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
  if (!windows) assertEquals(second.path, first.path);
  if (!windows) assertEquals(second.notes, []);
  if (!windows) assertEquals(mirror.binaryRequests().length, 1);
});

onUnix(
  "installKubectl() tries no other place when the limit of open files is reached",
  async () => {
    using world = installWorld();
    await using mirror = await startIt();
    let attempts = 0;
    const store = {
      ...world.host.store,
      createTemporary(directory: string): never {
        attempts++;
        throw new HostError("EMFILE", `${directory}/x`, "Too many open files");
      },
    };
    const host = { ...world.host, store };
    const error = await assertRejects(
      () => installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, host),
      KuberlrError,
      "Too many open files",
    );
    assertEquals(error.code, "cannot-write");
    assertStringIncludes(error.hint ?? "", "ulimit -n 1024");
    assertEquals([attempts, [...Deno.readDirSync(`${world.home}/tmp`)]], [1, []]);
  },
);

onUnix(
  "installKubectl() goes to the temporary folder if the home's file system has no programs",
  async () => {
    using world = installWorld();
    await using mirror = await startIt();
    const { createTemporary } = world.host.store;
    const store: Host["store"] = {
      ...world.host.store,
      createTemporary(directory, prefix) {
        const temporary = createTemporary(directory, prefix);
        if (directory !== world.layout.binaries) return temporary;
        const finish = async () => ({ ...await temporary.finish(0o755), mode: 0o644 });
        return { ...temporary, finish };
      },
    };
    const config = mirrorConfig(mirror.url);
    const host = { ...world.host, store };
    const { path, notes } = await installKubectl(wanted("1.30.2"), config, {}, host);
    assert(path.startsWith(`${world.home}/tmp/`), path);
    assertEquals(
      notes[0],
      `Cannot use "${world.layout.binaries}": no file there can be made executable`,
    );
    assertEquals(world.kubectls(), []);
  },
);

for (
  const { name, prepare, needsRoot = false } of [
    {
      name: "is open to others",
      prepare(path: string) {
        Deno.mkdirSync(path);
        Deno.chmodSync(path, 0o755);
      },
    },
    {
      name: "is a link",
      prepare(path: string) {
        Deno.mkdirSync(`${path}-target`, { mode: 0o700 });
        Deno.symlinkSync(`${path}-target`, path);
      },
    },
    { name: "is a file", prepare: (path: string) => Deno.writeTextFileSync(path, "") },
    {
      name: "belongs to another user",
      needsRoot: true,
      prepare(path: string) {
        Deno.mkdirSync(path, { mode: 0o700 });
        Deno.chownSync(path, 12345, 12345);
      },
    },
    {
      name: "is in a directory that others can rename it in",
      prepare(path: string) {
        Deno.mkdirSync(path, { mode: 0o700 });
        Deno.chmodSync(folderOf(path), 0o777);
      },
    },
  ]
) {
  const why = needsRoot && !root ? " (ignored: only root can make another user's folder)" : "";
  Deno.test({
    name: `installKubectl() takes the next temporary folder where its own ${name}${why}`,
    ignore: windows || why !== "",
    async fn() {
      using world = installWorld();
      withoutHome(world);
      await using mirror = await startIt();
      world.variables["XDG_RUNTIME_DIR"] = `${world.home}/run`;
      Deno.mkdirSync(`${world.home}/run`, { mode: 0o700 });
      prepare(`${world.home}/tmp/kuberlr-kubectls-${Deno.uid()}`);
      const { path } = await install(world, mirror);
      assertEquals(
        path.slice(0, -"/kubectl1.30.2".length - 1).split("/kuberlr-kubectls-")[0],
        `${world.home}/run`,
      );
    },
  });
}

for (
  const { name, spoil, reason } of [
    {
      name: "a file stands in its place",
      spoil: (world: InstallWorld) => Deno.writeTextFileSync(`${world.home}/.kuberlr`, ""),
      reason: /it is not a folder/,
    },
    {
      name: "every user can write it",
      spoil(world: InstallWorld) {
        Deno.mkdirSync(world.layout.binaries, { recursive: true });
        Deno.chmodSync(world.layout.binaries, 0o777);
      },
      reason: /linux-amd64" can be written by every user/,
    },
    {
      name: "it is a link",
      spoil(world: InstallWorld) {
        Deno.mkdirSync(world.layout.root, { recursive: true });
        Deno.mkdirSync(`${world.home}/elsewhere`);
        Deno.symlinkSync(`${world.home}/elsewhere`, world.layout.binaries);
      },
      reason: /linux-amd64" is a link/,
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
        reason: /linux-amd64" cannot be written/,
      }]),
  ]
) {
  onUnix(`installKubectl() does without kuberlr's folder when ${name}`, async () => {
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
  });
}

Deno.test("installKubectl() downloads once where a folder has the kubectl's name, and says which", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  const taken = world.pathOf("1.30.2");
  Deno.mkdirSync(taken, { recursive: true });
  const { path, notes } = await install(world, mirror);
  assertMatch(path, /[\\/]tmp[\\/]kuberlr-kubectls\b/);
  assertEquals(notes[0], `A folder has the name "${taken}": move it away`);
  assertEquals(mirror.binaryRequests().length, 1);
  assertEquals(world.host.files.stat(taken)?.kind, "directory");
});

Deno.test("installKubectl() downloads nothing where a folder has the name that it was to have", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  const directory = `${world.home}/to`;
  const { platform } = world.host;
  const taken = joinPath(platform, directory, kubectlFileName(platform, "1.30.2"));
  Deno.mkdirSync(taken, { recursive: true });
  const { code, message, hint } = await assertRejects(
    () =>
      installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {
        directory,
      }, world.host),
    KuberlrError,
  );
  assertEquals({ code, message, hint }, {
    code: "cannot-write",
    message: `Cannot write "${taken}": a folder has this name`,
    hint: `Move the folder "${taken}" away`,
  });
  assertEquals(mirror.requests, []);
});

for (
  const { name, place, reason } of [
    {
      name: "a link that leads nowhere",
      place: (path: string) => Deno.symlinkSync("gone", path),
      reason: "is a link that leads nowhere",
    },
    {
      name: "a link to a folder",
      place: (path: string) => Deno.symlinkSync(".", path),
      reason: "is a link that leads out of its folder",
    },
    {
      name: "a socket",
      place(path: string) {
        // A socket's path has at most 107 bytes. Deno removes the socket that it listened on, but
        // not under another name.
        const before = Deno.cwd();
        Deno.chdir(path.slice(0, path.lastIndexOf("/")));
        using _listener = Deno.listen({ transport: "unix", path: "socket" });
        Deno.renameSync("socket", path);
        Deno.chdir(before);
      },
      reason: "is not a file",
    },
  ]
) {
  onUnix(`installKubectl() leaves ${name} where it is, and says so`, async () => {
    using world = installWorld();
    await using mirror = await startIt();
    const taken = `${world.layout.binaries}/kubectl1.30.2`;
    Deno.mkdirSync(world.layout.binaries, { recursive: true });
    place(taken);
    const before = Deno.lstatSync(taken);
    const { path, notes } = await install(world, mirror);
    assertMatch(path, /\/tmp\/kuberlr-kubectls\b/);
    assertEquals(notes[0], `"${taken}" ${reason}, and is left as it is`);
    assertEquals(Deno.lstatSync(taken).ino, before.ino);
    assertEquals(mirror.binaryRequests().length, 1);
  });
}

for (
  const { name, spoil } of [
    { name: "receipts", spoil: (world: InstallWorld) => foreign(world.layout.receipts) },
    { name: "locks", spoil: (world: InstallWorld) => foreign(world.layout.locks) },
  ]
) {
  Deno.test(`installKubectl() works when a file stands where ${name} should be`, async () => {
    using world = installWorld();
    await using mirror = await startIt();
    spoil(world);
    const { path } = await install(world, mirror);
    assertEquals(path, world.pathOf("1.30.2"));
    assertEquals(Deno.readFileSync(path), BYTES);
  });
}

Deno.test("installKubectl() says so when nothing can be written anywhere", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  Deno.writeTextFileSync(`${world.home}/file`, "");
  const error = await assertRejects(
    () =>
      installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {
        directory: `${world.home}/file/x`,
      }, world.host),
    KuberlrError,
  );
  assertEquals(error.code, "cannot-write");
  assertStringIncludes(error.message, `${world.home}/file/x`);
});

Deno.test("installKubectl() goes to the temporary folder when a file stands where the cache should be", async () => {
  using world = installWorld();
  await using mirror = await startIt();
  foreign(world.layout.cache);
  const { path, notes } = await install(world, mirror);
  assertMatch(path, /[\\/]tmp[\\/]kuberlr-kubectls\b/);
  assertMatch(notes[0] ?? "", /cache" is not a folder/);
  assertEquals(Deno.readFileSync(path), BYTES);
});

function withoutHome({ variables }: InstallWorld): void {
  delete variables["HOME"];
  delete variables["USERPROFILE"];
}

function foreign(path: string): void {
  Deno.mkdirSync(folderOf(path), { recursive: true });
  Deno.writeTextFileSync(path, "");
}
