import { assertEquals } from "@std/assert";
import { denoFiles } from "../../../lib/host/disk/files.ts";
import { boundFolder } from "../../../lib/files/steps/bound_folder.ts";

const PLATFORM = { os: "linux", arch: "amd64" } as const;
const HOST = { files: denoFiles(PLATFORM), platform: PLATFORM };

async function folderOf(files: number) {
  const path = await Deno.makeTempDir();
  for (let age = 0; age < files; age++) {
    await Deno.writeTextFile(`${path}/${age}`, "");
    await Deno.utime(`${path}/${age}`, 1_000_000 - age, 1_000_000 - age);
  }
  return {
    path,
    names: () =>
      Array.from(Deno.readDirSync(path), ({ name }) => Number(name)).sort((a, b) => a - b),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("boundFolder() leaves a folder alone that holds no more than it may", async () => {
  await using folder = await folderOf(10);
  boundFolder({ folder: folder.path, root: folder.path, most: 10, names: /^\d+$/ }, HOST);
  assertEquals(folder.names().length, 10);
});

Deno.test("boundFolder() removes the older half where there are too many", async () => {
  await using folder = await folderOf(11);
  boundFolder({ folder: folder.path, root: folder.path, most: 10, names: /^\d+$/ }, HOST);
  assertEquals(folder.names(), [0, 1, 2, 3, 4]);
});

Deno.test("boundFolder() passes over a folder within, and one that is not there", async () => {
  await using folder = await folderOf(11);
  await Deno.mkdir(`${folder.path}/100`);
  await Deno.utime(`${folder.path}/100`, 1, 1);
  boundFolder({ folder: folder.path, root: folder.path, most: 10, names: /^\d+$/ }, HOST);
  assertEquals(folder.names(), [0, 1, 2, 3, 4, 100]);
  boundFolder(
    { folder: `${folder.path}/nowhere`, root: folder.path, most: 10, names: /^\d+$/ },
    HOST,
  );
});

Deno.test({
  name: "boundFolder() removes nothing behind a link, or in a folder that every user can write",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await folderOf(11);
    await using place = await folderOf(0);
    const link = `${place.path}/servers`;
    Deno.symlinkSync(folder.path, link);
    const bound = { folder: link, root: place.path, most: 10, names: /^\d+$/ };
    boundFolder(bound, HOST);
    assertEquals(folder.names().length, 11);
    Deno.removeSync(link);
    Deno.renameSync(folder.path, link);
    Deno.chmodSync(link, 0o777);
    boundFolder(bound, HOST);
    assertEquals(Array.from(Deno.readDirSync(link)).length, 11);
    Deno.chmodSync(link, 0o700);
    boundFolder(bound, HOST);
    assertEquals(Array.from(Deno.readDirSync(link)).length, 5);
    Deno.renameSync(link, folder.path);
  },
});
