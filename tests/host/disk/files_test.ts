import type { FileStat } from "../../../lib/ports/files.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { HostError } from "../../../lib/errors.ts";
import { denoFiles, toFileStat } from "../../../lib/host/disk/files.ts";

const windows = Deno.build.os === "windows";
const unixOnly = (name: string) => ({
  name: windows ? `${name} (ignored: Windows has no such thing)` : name,
  ignore: windows,
});
const files = denoFiles({ os: "linux", arch: "amd64" });

function inFolder(test: (folder: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync({ prefix: "kuberlr-files-" });
    try {
      test(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test("toFileStat() leaves out what Deno says on Windows of others' permissions", () => {
  const info = { isFile: true, mode: 0o100666 } as Deno.FileInfo;
  assertEquals(["windows", "linux"].map((os) => toFileStat(info, os).mode), [0o600, 0o666]);
});

Deno.test(
  "denoFiles() takes what is missing for undefined",
  inFolder((folder) => {
    const path = `${folder}/nothing`;
    assertEquals(
      [
        files.readBytes(path),
        files.readText(path),
        files.stat(path),
        files.lstat(path),
        files.realPath(path),
        files.list(path),
        files.remove(path),
      ],
      Array(7).fill(undefined),
    );
  }),
);

for (
  const { name, code, call } of [
    {
      name: "a folder read as a file",
      code: "EISDIR",
      call: (folder: string) => files.readText(folder),
    },
    {
      name: "a file listed as a folder",
      code: "ENOTDIR",
      call: (folder: string) => files.list(`${folder}/file`),
    },
    {
      name: "a path through a file",
      code: "ENOTDIR",
      call: (folder: string) => files.stat(`${folder}/file/x`),
    },
    {
      name: "a folder where a file stands",
      code: "ENOTDIR",
      call: (folder: string) => files.makeDirectory(`${folder}/file/x`),
    },
    {
      name: "a link to itself",
      code: "ELOOP",
      call: (folder: string) => files.stat(`${folder}/loop`),
    },
    {
      name: "a name that is too long",
      code: "ENAMETOOLONG",
      call: (folder: string) => files.stat(`${folder}/${"x".repeat(300)}`),
    },
    {
      name: "a NUL in a path",
      code: "EINVAL",
      call: (folder: string) => files.readText(`${folder}/\0`),
    },
    {
      name: "a file in place of a folder",
      code: "ENOTEMPTY",
      call: (folder: string) => {
        files.makeDirectory(`${folder}/full/x`);
        files.writeAtomically(`${folder}/full`, "", 0o600);
      },
    },
  ]
) {
  Deno.test({
    ...unixOnly(`denoFiles() throws HostError ${code} for ${name}`),
    fn: inFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/file`, "");
      Deno.symlinkSync("loop", `${folder}/loop`);
      const error = assertThrows(() => call(folder), HostError);
      // Linux returns ENOTEMPTY or EISDIR, macOS EISDIR.
      assert(error.code === code || (code === "ENOTEMPTY" && error.code === "EISDIR"), error.code);
      assert(!error.message.includes("os error"), error.message);
    }),
  });
}

Deno.test({
  ...unixOnly("writeAtomically() makes folders 0700 and gives the mode asked for"),
  fn: inFolder((folder) => {
    files.writeAtomically(`${folder}/a/b/c`, "first", 0o600);
    files.writeAtomically(`${folder}/a/b/c`, "second", 0o600);
    assertEquals(files.readText(`${folder}/a/b/c`), "second");
    assertEquals(files.stat(`${folder}/a/b/c`)?.mode, 0o600);
    assertEquals(files.stat(`${folder}/a`)?.mode, 0o700);
    assertEquals(files.stat(`${folder}/a/b`)?.mode, 0o700);
    assertEquals(files.list(`${folder}/a/b`), ["c"]);
  }),
});

Deno.test({
  ...unixOnly("linkAtomically() replaces what is there, and makes folders"),
  fn: inFolder((folder) => {
    const path = `${folder}/a/link`;
    files.linkAtomically("/first", path);
    files.linkAtomically("/second", path);
    assertEquals(Deno.readLinkSync(path), "/second");
    files.writeAtomically(`${folder}/a/file`, "text", 0o600);
    files.linkAtomically(`${folder}/a/file`, path);
    assertEquals(files.readText(path), "text");
    assertEquals(files.list(`${folder}/a`)?.toSorted(), ["file", "link"]);
  }),
});

Deno.test({
  ...unixOnly("writeAtomically() shows readers the old content or the new one, never a part"),
  fn: inFolder((folder) => {
    const path = `${folder}/file`;
    files.writeAtomically(path, "a".repeat(100_000), 0o600);
    using open = Deno.openSync(path);
    files.writeAtomically(path, "b", 0o600);
    assertEquals(open.statSync().size, 100_000);
    assertEquals(files.readText(path), "b");
  }),
});

Deno.test({
  ...unixOnly("writeAtomically() leaves nothing behind when it fails"),
  fn: inFolder((folder) => {
    files.makeDirectory(`${folder}/taken/x`);
    assertThrows(() => files.writeAtomically(`${folder}/taken`, "", 0o600), HostError);
    assertEquals(files.list(folder), ["taken"]);
  }),
});

Deno.test({
  ...unixOnly("lstat() tells a link, stat() what it leads to"),
  fn: inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "12345");
    Deno.symlinkSync("file", `${folder}/link`);
    assertEquals(files.lstat(`${folder}/link`)?.kind, "link");
    assertEquals(files.stat(`${folder}/link`)?.size, 5);
    assertEquals(files.realPath(`${folder}/link`), Deno.realPathSync(`${folder}/file`));
  }),
});

Deno.test({
  ...unixOnly("stat() tells times in whole milliseconds and permission bits alone"),
  fn: inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "", { mode: 0o640 });
    Deno.chmodSync(`${folder}/file`, 0o640);
    Deno.utimeSync(`${folder}/file`, 1_700_000_000.123, 1_700_000_000.123);
    const stat = files.stat(`${folder}/file`);
    assertEquals(stat?.mtimeMs, 1_700_000_000_123);
    assertEquals(stat?.mode, 0o640);
    assertEquals(stat?.uid, files.userId());
  }),
});

const me = files.userId() ?? 0;
const OURS: FileStat = {
  kind: "file",
  dev: 1,
  ino: 1,
  size: 1,
  mtimeMs: 0,
  ctimeMs: 0,
  mode: 0,
  uid: me,
};

for (
  const { name, stat, want } of [
    { name: "a file of ours with x", stat: { mode: 0o700 }, want: true },
    { name: "a file without x", stat: { mode: 0o644 }, want: false },
    { name: "a folder with x", stat: { kind: "directory", mode: 0o755 }, want: false },
    { name: "a stranger's file with x for all", stat: { mode: 0o755, uid: me + 1 }, want: true },
    {
      name: "a stranger's file that no one may execute",
      stat: { mode: 0o644, uid: me + 1 },
      want: false,
    },
    {
      name: "a stranger's file with x for its owner",
      stat: { mode: 0o744, uid: me + 1 },
      want: me === 0,
    },
    { name: "a file of ours with x for others alone", stat: { mode: 0o611 }, want: me === 0 },
  ] as const
) {
  Deno.test({
    ...unixOnly(`isExecutable() says ${want} of ${name}`),
    fn() {
      assertEquals(files.isExecutable("/x", { ...OURS, ...stat }), want);
    },
  });
}

for (
  const { path, want } of [{ path: "C:\\k\\kubectl1.30.2.EXE", want: true }, {
    path: "C:\\k\\x.bat",
    want: false,
  }]
) {
  Deno.test(`isExecutable() says ${want} of ${path} on Windows`, () => {
    const onWindows = denoFiles({ os: "windows", arch: "amd64" });
    assertEquals(onWindows.isExecutable(path, { ...OURS, mode: 0 }), want);
  });
}

Deno.test(
  "makeDirectory() takes a folder that another process makes after the one above it",
  inFolder((folder) => {
    const make = Deno.mkdirSync;
    Deno.mkdirSync = (path, options) => {
      make(path, options);
      if (path === `${folder}/a`) make(`${folder}/a/b`);
    };
    try {
      files.makeDirectory(`${folder}/a/b`);
    } finally {
      Deno.mkdirSync = make;
    }
    assert(Deno.statSync(`${folder}/a/b`).isDirectory);
  }),
);

Deno.test({
  ...unixOnly("makeDirectory() makes folders that their owner can use, whatever the umask"),
  fn: inFolder((folder) => {
    const before = Deno.umask(0o777);
    try {
      files.makeDirectory(`${folder}/a/b`);
      Deno.umask(0o077);
      files.makeDirectory(`${folder}/c`, 0o755);
      files.makeDirectory(`${folder}/c`);
    } finally {
      Deno.umask(before);
    }
    const modes = ["a", "a/b", "c"].map((name) =>
      (Deno.statSync(`${folder}/${name}`).mode ?? 0) & 0o777
    );
    assertEquals(modes, [0o700, 0o700, 0o700]);
    Deno.symlinkSync("nowhere", `${folder}/link`);
    const failure = assertThrows(() => files.makeDirectory(`${folder}/link`), HostError);
    assertEquals(failure.code, "EEXIST");
  }),
});
