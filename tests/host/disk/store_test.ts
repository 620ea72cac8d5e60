import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { versionOfFileName } from "../../../lib/kubectls/binaries.ts";
import { HostError } from "../../../lib/errors.ts";
import type { Goos } from "../../../lib/platform.ts";
import { denoStore, isAbandoned } from "../../../lib/host/disk/store.ts";
import { missingMounts, mount, unmount } from "../../support/mounts.ts";

const windows = Deno.build.os === "windows";
const LINUX = { os: "linux", arch: "amd64" } as const;
const store = denoStore(LINUX);

function inFolder(test: (folder: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = Deno.makeTempDirSync({ prefix: "kuberlr-store-" });
    try {
      await test(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const onUnix = (name: string, test: (folder: string) => void | Promise<void>) =>
  Deno.test({
    name: windows ? `${name} (ignored: Windows has other rules)` : name,
    ignore: windows,
    fn: inFolder(test),
  });

// The library stays open; the first test would count that as a leak.
store.canWrite(".");

Deno.test(
  "canWrite() makes nothing to find out",
  inFolder((folder) => {
    const { canWrite } = denoStore({ os: Deno.build.os as Goos, arch: "amd64" });
    Deno.utimeSync(folder, 1_700_000_000, 1_700_000_000);
    const { mtime, ctime } = Deno.statSync(folder);
    assertEquals(canWrite(folder), true);
    const { mtime: mtimeAfter, ctime: ctimeAfter } = Deno.statSync(folder);
    assertEquals([names(folder), mtimeAfter, ctimeAfter], [[], mtime, ctime]);
    Deno.writeTextFileSync(`${folder}/file`, "");
    const others = ["file", "nothing"].map((name) => canWrite(`${folder}/${name}`));
    assertEquals(others, [false, false]);
  }),
);

Deno.test(
  "tryWriting() leaves nothing, and says why it could not",
  inFolder((folder) => {
    assertEquals([store.tryWriting(folder), names(folder)], [undefined, []]);
    assertEquals(store.tryWriting(`${folder}/nothing`)?.code, "ENOENT");
  }),
);

onUnix("canWrite() knows a folder's bits", (folder) => {
  Deno.chmodSync(folder, 0o500);
  // Root ignores permission bits.
  assertEquals(store.canWrite(folder), Deno.uid() === 0);
  Deno.chmodSync(folder, 0o700);
});

Deno.test({
  name: `canWrite() knows a read-only file system${
    missingMounts === undefined ? "" : ` (ignored: ${missingMounts})`
  }`,
  ignore: missingMounts !== undefined,
  fn: inFolder((folder) => {
    assert(mount(folder, "ro"));
    try {
      assertEquals(store.canWrite(folder), false);
    } finally {
      unmount(folder);
    }
  }),
});

onUnix(
  "createTemporary() makes a file that does not look like a kubectl and only its owner can read",
  (folder) => {
    const umask = Deno.umask(0o777);
    const temporary = store.createTemporary(folder, "kubectl-1.30.2");
    assertEquals(Deno.umask(umask), 0o777);
    const [name = ""] = names(folder);
    assertMatch(name, /^\.kubectl-1\.30\.2\.[0-9a-f-]{36}\.part$/);
    assertEquals(versionOfFileName(LINUX, name), undefined);
    assertEquals((Deno.statSync(temporary.path).mode ?? 0) & 0o777, 0o600);
    temporary.discard();
    assertEquals(names(folder), []);
  },
);

onUnix("readAll() gives back what was appended, and lets more follow", (folder) => {
  const temporary = store.createTemporary(folder, "kubectl-1.30.2");
  const [first, second] = [new Uint8Array(3_000_000).fill(7), new Uint8Array([1, 2, 3])];
  temporary.append(first);
  assertEquals(temporary.readAll(), first);
  temporary.append(second);
  assertEquals(temporary.readAll(), new Uint8Array([...first, ...second]));
  temporary.discard();
});

onUnix("publish() gives the file its name and mode, replacing what had it", async (folder) => {
  Deno.writeTextFileSync(`${folder}/kubectl1.30.2`, "old");
  const temporary = store.createTemporary(folder, "kubectl-1.30.2");
  temporary.append(new TextEncoder().encode("wrong"));
  temporary.restart();
  temporary.append(new TextEncoder().encode("new"));
  const stat = await temporary.finish(0o755);
  temporary.publish(`${folder}/kubectl1.30.2`);
  temporary.discard();
  assertEquals(names(folder), ["kubectl1.30.2"]);
  assertEquals(Deno.readTextFileSync(`${folder}/kubectl1.30.2`), "new");
  const { ino, mtime, size, mode } = Deno.statSync(`${folder}/kubectl1.30.2`);
  assertEquals([stat.ino, stat.mtimeMs, stat.size], [ino ?? 0, mtime?.getTime() ?? 0, size]);
  assertEquals((mode ?? 0) & 0o777, 0o755);
});

onUnix("publish() onto a folder throws, and discard() still clears up", async (folder) => {
  Deno.mkdirSync(`${folder}/kubectl1.30.2/x`, { recursive: true });
  const temporary = store.createTemporary(folder, "kubectl-1.30.2");
  await temporary.finish(0o755);
  assertThrows(() => temporary.publish(`${folder}/kubectl1.30.2`), HostError);
  temporary.discard();
  assertEquals(names(folder), ["kubectl1.30.2"]);
});

onUnix("finish() does not change another file that has taken the name", async (folder) => {
  const secret = `${folder}/id_rsa`;
  Deno.writeTextFileSync(secret, "", { mode: 0o600 });
  const temporary = store.createTemporary(folder, "kubectl-1.30.2");
  // Another user can do this in a folder of their own, which `get --to` names.
  Deno.removeSync(temporary.path);
  Deno.symlinkSync(secret, temporary.path);
  await assertRejects(() => temporary.finish(0o755), HostError);
  Deno.removeSync(temporary.path);
  Deno.linkSync(secret, temporary.path);
  await assertRejects(() => temporary.finish(0o755), HostError, "another file");
  temporary.discard();
  assertEquals(Deno.statSync(secret).mode! & 0o777, 0o600);
});

onUnix("createTemporary() throws if its folder is a file", (folder) => {
  const error = assertThrows(
    () => store.createTemporary(`${folder}/none`, "kubectl-1.30.2"),
    HostError,
  );
  assertEquals(error.code, "ENOENT");
});

onUnix("sweepTemporaries() takes what the dead left, and nothing else", (folder) => {
  const alive = store.createTemporary(folder, "kubectl-1.30.2");
  const others = [
    "kubectl1.29.0",
    ".kubectl-notes",
    "kubectl-1.30.2.part",
    ".hidden.part",
    ".kubectl-1.30.2.mine.part",
  ];
  for (const name of others) Deno.writeTextFileSync(`${folder}/${name}`, "");
  const named = (name: string) => `.kubectl-${name}.${crypto.randomUUID()}.part`;
  const [dead, aFolder, aLink] = [named("1.30.2"), named("1"), named("1")];
  Deno.writeTextFileSync(`${folder}/${dead}`, "half");
  Deno.mkdirSync(`${folder}/${aFolder}`);
  Deno.symlinkSync("kubectl1.29.0", `${folder}/${aLink}`);
  store.sweepTemporaries(folder);
  const aliveName = alive.path.slice(folder.length + 1);
  assertEquals(
    names(folder),
    [aliveName, ...others, aFolder, aLink].sort(),
  );
  alive.discard();
});

const [SECOND_MS, HOUR_MS] = [1_000, 3_600_000];
for (
  const [os, lock, idleMs, want] of [
    ["linux", "got", 0, true],
    ["linux", "held", 2 * HOUR_MS, false],
    ["linux", "refused", HOUR_MS, false],
    ["linux", "refused", HOUR_MS + 1, true],
    ["windows", "got", 60 * SECOND_MS, false],
    ["windows", "got", 60 * SECOND_MS + 1, true],
    ["windows", "refused", 90 * SECOND_MS, false],
  ] as const
) {
  Deno.test(`isAbandoned() says ${want} of a lock ${lock} after ${idleMs} ms on ${os}`, () => {
    assertEquals(isAbandoned(lock, idleMs, { os, arch: "amd64" }), want);
  });
}

onUnix("tryLock() is held by one at a time and free again once released", (folder) => {
  const path = `${folder}/1.30.2`;
  const lock = store.tryLock(path);
  assert(typeof lock === "object");
  assertEquals(store.tryLock(path), "held");
  lock.release();
  const again = store.tryLock(path);
  assert(typeof again === "object");
  again.release();
});

onUnix("tryLock() opens nothing but a regular file", (folder) => {
  Deno.symlinkSync(`${folder}/target`, `${folder}/link`);
  Deno.mkdirSync(`${folder}/folder`);
  for (const name of ["link", "folder"]) {
    assertEquals(store.tryLock(`${folder}/${name}`), "refused");
  }
  assertEquals(names(folder), ["folder", "link"]);
});

onUnix("createTemporary() never opens a file that is there", (folder) => {
  const taken = crypto.randomUUID();
  const path = `${folder}/.kubectl-1.30.2.${taken}.part`;
  Deno.writeTextFileSync(path, "a document");
  crypto.randomUUID = () => taken;
  try {
    assertThrows(() => store.createTemporary(folder, "kubectl-1.30.2"), HostError);
  } finally {
    // The method of the prototype is found again.
    Reflect.deleteProperty(crypto, "randomUUID");
  }
  assertEquals(Deno.readTextFileSync(path), "a document");
});

onUnix("tryLock() is refused where no file can be made", (folder) => {
  Deno.mkdirSync(`${folder}/1.30.2`);
  assertEquals(store.tryLock(`${folder}/1.30.2`), "refused");
  assertEquals(store.tryLock(`${folder}/none/1.30.2`), "refused");
});

onUnix("hashFile() agrees with the algorithms' own examples", async (folder) => {
  Deno.writeTextFileSync(`${folder}/abc`, "abc");
  assertEquals(
    await store.hashFile(`${folder}/abc`, "sha1"),
    "a9993e364706816aba3e25717850c26c9cd0d89d",
  );
  assertEquals(
    await store.hashFile(`${folder}/abc`, "sha256"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertMatch(
    await store.hashFile(`${folder}/abc`, "sha512") ?? "",
    /^ddaf35a193617aba.*a54ca49f$/,
  );
  assertEquals(await store.hashFile(`${folder}/none`, "sha1"), undefined);
});
