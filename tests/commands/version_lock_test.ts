import { assertEquals } from "@std/assert";
import {
  findEntry,
  formatLock,
  type LockEntry,
  parseLock,
} from "../../lib/commands/version_lock.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const ENTRIES: readonly LockEntry[] = [
  { wanted: "stable", version: "1.36.1", platform: "linux/amd64", sha256: B },
  { wanted: "1.30", version: "1.30.14", platform: "linux/amd64", sha256: A },
];
const TEXT = "# kubectls, written by kuberlr get --lock: asked for, release, platform, digest\n" +
  `1.30  1.30.14  linux/amd64  sha256:${A}\nstable  1.36.1  linux/amd64  sha256:${B}\n`;

Deno.test("formatLock() sorts, and parseLock() reads it", () => {
  assertEquals(formatLock(ENTRIES), TEXT);
  assertEquals(parseLock(TEXT), [...ENTRIES].toReversed());
});

for (
  const { what, text, line } of [
    { what: "another file", text: "Timeout = 5\n", line: 1 },
    { what: "a digest cut short", text: `${TEXT}1.31  1.31.0  linux/amd64  sha256:abc\n`, line: 4 },
    {
      what: "a release that there cannot be",
      text: `1.30  1.30.1x  linux/amd64  sha256:${A}\n`,
      line: 1,
    },
    { what: "a word too many", text: `1.30  1.30.14  linux/amd64  sha256:${A} x\n`, line: 1 },
    { what: "no release", text: `\n1.30  1.30  linux/amd64  sha256:${A}\n`, line: 2 },
  ]
) {
  Deno.test(`parseLock() names the line of ${what}`, () => {
    assertEquals(parseLock(text), line);
  });
}

Deno.test("findEntry() goes by version and platform", () => {
  assertEquals(findEntry(ENTRIES, "1.30", "linux/amd64"), ENTRIES[1]);
  assertEquals(findEntry(ENTRIES, "1.30", "linux/arm64"), undefined);
  assertEquals(findEntry(ENTRIES, "1.30.14", "linux/amd64"), undefined);
});
