/** libc's `statx` is asked before Deno's `stat`, so both must give the same answer. */
import { assertEquals } from "@std/assert";
import { toFileStat } from "../../../lib/host/disk/files.ts";
import {
  encodeBlock,
  execute,
  type Links,
  startEnvironment,
  statFast,
} from "../../../lib/host/process/libc.ts";

const LINUX = Deno.build.os === "linux";
// The library stays open; the first test would count that as a leak.
statFast("/", "follow");

function test(name: string, fn: (folder: string) => void): void {
  Deno.test({
    name: LINUX ? name : `${name} (ignored: it needs Linux)`,
    ignore: !LINUX,
    fn() {
      const folder = Deno.makeTempDirSync({ prefix: "kuberlr-libc-" });
      try {
        fn(folder);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

/** Deno reports a change in whole seconds. */
function secondsOf<Stat extends { readonly ctimeMs: number }>(stat: Stat): Stat {
  return { ...stat, ctimeMs: Math.floor(stat.ctimeMs / 1000) };
}

const KINDS: readonly (readonly [name: string, make: (path: string, folder: string) => void])[] = [
  ["a file", (path) => Deno.writeTextFileSync(path, "12345", { mode: 0o640 })],
  ["a folder", (path) => Deno.mkdirSync(path, { mode: 0o1750 })],
  ["a link", (path, folder) => Deno.symlinkSync(folder, path)],
  ["a pipe", (path) => run("mkfifo", path)],
  ["a file larger than 4 GiB", (path) => run("truncate", "-s", "5G", path)],
  ["a file of before 1970", (path) => run("touch", "-d", "1960-05-06T07:08:09.25Z", path)],
  ["a file of after 2106", (path) => run("touch", "-d", "2120-05-06T07:08:09.999999999Z", path)],
  ["a name that is not ASCII", (path) => Deno.writeTextFileSync(`${path}é😀`, "")],
];

function run(command: string, ...args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

const SEEN: readonly (readonly [Links, (path: string) => Deno.FileInfo])[] = [
  ["follow", Deno.statSync],
  ["leave", Deno.lstatSync],
];

for (const [name, make] of KINDS) {
  test(`statFast() sees ${name} as Deno does`, (folder) => {
    make(`${folder}/x`, folder);
    const [{ name: file }] = [...Deno.readDirSync(folder)] as [Deno.DirEntry];
    for (const [links, look] of SEEN) {
      const fast = statFast(`${folder}/${file}`, links);
      if (typeof fast !== "object") throw new Error(`statFast() said ${fast}`);
      assertEquals(secondsOf(fast), secondsOf(toFileStat(look(`${folder}/${file}`))));
    }
  });
}

for (const path of ["/dev/null", "/proc/self/status", "/sys", "/"]) {
  test(`statFast() sees ${path} as Deno does`, () => {
    const fast = statFast(path, "follow");
    if (typeof fast !== "object") throw new Error(`statFast() said ${fast}`);
    const { ino, dev, kind, mode, uid, size } = toFileStat(Deno.statSync(path));
    assertEquals({ ...fast, mtimeMs: 0, ctimeMs: 0 }, {
      ...{ ino, dev, kind, mode, uid, size },
      ...{ mtimeMs: 0, ctimeMs: 0 },
    });
  });
}

test("statFast() tells the times of a file of after 2106 to the millisecond", (folder) => {
  run("touch", "-d", "2120-05-06T07:08:09.999999999Z", `${folder}/x`);
  const fast = statFast(`${folder}/x`, "follow");
  assertEquals(
    typeof fast === "object" && fast.mtimeMs,
    Date.parse("2120-05-06T07:08:09.999Z"),
  );
});

test("statFast() knows what is missing, and leaves every other failure to Deno", (folder) => {
  Deno.writeTextFileSync(`${folder}/file`, "");
  Deno.symlinkSync("loop", `${folder}/loop`);
  Deno.symlinkSync("nowhere", `${folder}/dangling`);
  const answers = ["nothing", "dangling", "file/x", "loop", "x".repeat(300)].map((name) =>
    statFast(`${folder}/${name}`, "follow")
  );
  assertEquals(answers, ["absent", "absent", undefined, undefined, undefined]);
  assertEquals(statFast("", "follow"), "absent");
});

Deno.test({
  name: `statFast() does not take for missing what it may not see${
    Deno.uid() === 0 ? " (ignored: root may see everything)" : ""
  }`,
  ignore: !LINUX || Deno.uid() === 0,
  fn() {
    const folder = Deno.makeTempDirSync({ prefix: "kuberlr-libc-" });
    try {
      Deno.mkdirSync(`${folder}/closed`, { mode: 0 });
      assertEquals(statFast(`${folder}/closed/x`, "follow"), undefined);
    } finally {
      Deno.chmodSync(`${folder}/closed`, 0o700);
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

test("execute() that fails says why, and leaves the signals as they were", (folder) => {
  const ignored = () => /^SigIgn:.*$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[0];
  const before = ignored();
  const image = { path: `${folder}/nothing`, argv: encodeBlock(["x"]) };
  const [ENOENT, EACCES] = [2, 13];
  assertEquals(execute({ ...image, environment: undefined }), ENOENT);
  assertEquals(execute({ ...image, path: folder, environment: encodeBlock(["A=1"]) }), EACCES);
  assertEquals(ignored(), before);
});

test("statFast() does not stop at a zero byte", (folder) => {
  Deno.writeTextFileSync(`${folder}/file`, "");
  assertEquals(statFast(`${folder}/file\0.old`, "follow"), undefined);
});

test("startEnvironment() is what this process was started with, whatever has changed since", () => {
  Deno.env.set("KUBERLR_CHANGED_SINCE", "1");
  try {
    const text = new TextDecoder().decode(startEnvironment());
    assertEquals(text.includes("KUBERLR_CHANGED_SINCE"), false);
    assertEquals(text.includes(`\0PATH=`) || text.startsWith("PATH="), true);
  } finally {
    Deno.env.delete("KUBERLR_CHANGED_SINCE");
  }
});
