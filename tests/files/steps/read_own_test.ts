import { assertEquals } from "@std/assert";
import { readOwnText } from "../../../lib/files/steps/read_own.ts";
import type { FileStat } from "../../../lib/ports/files.ts";

const OWN: FileStat = {
  kind: "file",
  mode: 0o600,
  uid: 1000,
  dev: 1,
  ino: 1,
  size: 3,
  mtimeMs: 0,
  ctimeMs: 0,
};

const ROWS: readonly [name: string, change: Partial<FileStat>, want: string | undefined][] = [
  ["the user's own file", {}, "own"],
  ["root's file", { uid: 0 }, "own"],
  ["another user's file", { uid: 1001 }, undefined],
  ["a file that its group may write", { mode: 0o620 }, undefined],
  ["a file that everybody may write", { mode: 0o602 }, undefined],
  ["a file that everybody may read", { mode: 0o644 }, "own"],
  ["a link", { kind: "link" }, undefined],
  ["a folder", { kind: "directory" }, undefined],
  ["a file of 16 MiB", { size: 16 * 1024 * 1024 }, "own"],
  ["a file of more than 16 MiB", { size: 16 * 1024 * 1024 + 1 }, undefined],
];

for (const [name, change, want] of ROWS) {
  Deno.test(`readOwnText() ${want === undefined ? "ignores" : "reads"} ${name}`, () => {
    const files = {
      lstat: () => ({ ...OWN, ...change }),
      readText: () => "own",
      userId: () => 1000,
    };
    assertEquals(readOwnText("/x", "memo", files), want);
  });
}
