import { assertEquals, assertThrows } from "@std/assert";
import { HostError } from "../../../lib/errors.ts";
import { writeOwnText } from "../../../lib/files/steps/write_own.ts";
import { statFast } from "../../../lib/host/process/libc.ts";
import { localHost } from "../../../lib/host/local_host.ts";

// The library stays open; the first test would count that as a leak.
statFast("/", "follow");

const { files, platform } = localHost();
const IS_WINDOWS = platform.os === "windows";

/** Calls the test with the path of a place that is missing. */
function inFolder(test: (root: string) => void): () => void {
  return () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "write-own-" }));
    try {
      test(`${folder}/.kuberlr`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

/**
 * Writes a file into the place and returns its path. `meanwhile` is what another user does after
 * the folders were checked, and before new ones are made.
 */
function write(root: string, meanwhile: () => void): string {
  const path = `${root}/cache/servers/0123456789abcdef.json`;
  const raced = {
    ...files,
    makeDirectory(each: string) {
      if (each === root) meanwhile();
      files.makeDirectory(each);
    },
  };
  writeOwnText(path, "text", { root }, { files: raced, platform });
  return path;
}

Deno.test(
  "writeOwnText() makes what is missing, for this user alone",
  inFolder((root) => {
    const path = write(root, () => {});
    assertEquals(Deno.readTextFileSync(path), "text");
    if (IS_WINDOWS) return;
    const modes = [root, `${root}/cache`, `${root}/cache/servers`, path]
      .map((each) => Deno.statSync(each).mode! & 0o777);
    assertEquals(modes, [0o700, 0o700, 0o700, 0o600]);
  }),
);

for (
  const { name, meanwhile } of [
    {
      name: "a folder that every user can write",
      meanwhile(root: string) {
        Deno.mkdirSync(root);
        Deno.chmodSync(root, 0o777);
      },
    },
    {
      name: "a link below the place",
      meanwhile(root: string) {
        Deno.mkdirSync(`${root}-elsewhere`);
        Deno.mkdirSync(root, { mode: 0o700 });
        Deno.symlinkSync(`${root}-elsewhere`, `${root}/cache`);
      },
    },
    {
      name: "another user's folder",
      meanwhile(root: string) {
        Deno.mkdirSync(root);
        Deno.chownSync(root, 23_456, 23_456);
      },
    },
  ] satisfies readonly {
    readonly name: string;
    readonly meanwhile: (root: string) => void;
  }[]
) {
  Deno.test({
    name: `writeOwnText() writes nothing into ${name}, if that appears while it makes its own`,
    ignore: IS_WINDOWS || (name.startsWith("another") && Deno.uid() !== 0),
    fn: inFolder((root) => {
      assertThrows(() => write(root, () => meanwhile(root)), HostError);
      const made = Array.from(Deno.readDirSync(root), ({ name, isSymlink }) => [name, isSymlink]);
      assertEquals(made, name.startsWith("a link") ? [["cache", true]] : []);
      if (name.startsWith("a link")) assertEquals([...Deno.readDirSync(`${root}-elsewhere`)], []);
    }),
  });
}

Deno.test({
  name: "writeOwnText() makes nothing in a folder that every user can write",
  ignore: IS_WINDOWS,
  fn: inFolder((root) => {
    const folder = root.slice(0, root.lastIndexOf("/"));
    Deno.chmodSync(folder, 0o777);
    assertThrows(
      () => writeOwnText(`${root}/cache/x.json`, "text", { root }, { files, platform }),
      HostError,
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }),
});
