import type { FileStat } from "../../lib/ports/files.ts";
import { assertEquals } from "@std/assert";
import { HASH_ALGORITHMS, isHashAlgorithm } from "../../lib/encoding/hash_algorithms.ts";
import {
  compareReceipt,
  fingerprintOf,
  formatReceipt,
  parseReceipt,
  type Receipt,
  receiptPath,
} from "../../lib/kubectls/receipt.ts";
import { versionOfFileName } from "../../lib/kubectls/binaries.ts";
import { parseVersion, type Version } from "../../lib/version/version.ts";

const LINUX = { os: "linux", arch: "amd64" } as const;
const RECEIPT: Receipt = {
  version: parseVersion("1.30.2") as Version,
  platform: "linux-amd64",
  url: "https://dl.k8s.io/release/v1.30.2/bin/linux/amd64/kubectl",
  algorithm: "sha512",
  hash: "ab".repeat(64),
  digestFrom: "pinned",
  installedAtMs: Date.UTC(2026, 10, 21, 8),
  file: { size: 51_458_200, mtimeMs: 1_795_248_000_123, ctimeMs: 5, ino: 4711 },
};
const STAT: FileStat = {
  kind: "file",
  dev: 1,
  mode: 0o755,
  uid: 1000,
  ...RECEIPT.file,
};

Deno.test("parseReceipt() reads what formatReceipt() wrote", () => {
  assertEquals(parseReceipt(formatReceipt(RECEIPT)), RECEIPT);
});

for (const field of ["digestFrom", "ctimeMs"]) {
  Deno.test(`parseReceipt() refuses a receipt without ${field}`, () => {
    const text = formatReceipt(RECEIPT).replace(new RegExp(` *"${field}".*\n`), "");
    assertEquals(text === formatReceipt(RECEIPT), false);
    assertEquals(parseReceipt(text), undefined);
  });
}

for (const [algorithm, digits] of [["sha512", 128], ["sha256", 64], ["sha1", 40]] as const) {
  Deno.test(`parseReceipt() reads a ${algorithm} hash`, () => {
    const receipt = { ...RECEIPT, algorithm, hash: "0".repeat(digits) };
    assertEquals(parseReceipt(formatReceipt(receipt)), receipt);
  });
}

Deno.test("HASH_ALGORITHMS are all that a receipt takes, the strongest first", () => {
  assertEquals(HASH_ALGORITHMS, ["sha512", "sha256", "sha1"]);
  assertEquals(HASH_ALGORITHMS.map(isHashAlgorithm), [true, true, true]);
  assertEquals(["md5", "toString", 5, undefined].map(isHashAlgorithm), [
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("formatReceipt() is JSON that a person can read", () => {
  assertEquals(JSON.parse(formatReceipt(RECEIPT)), {
    version: "1.30.2",
    platform: "linux-amd64",
    url: RECEIPT.url,
    algorithm: "sha512",
    hash: RECEIPT.hash,
    digestFrom: "pinned",
    file: RECEIPT.file,
    installedAt: "2026-11-21T08:00:00.000Z",
  });
});

const written = formatReceipt(RECEIPT);
for (
  const { name, text } of [
    { name: "nothing", text: "" },
    { name: "half of it", text: written.slice(0, 200) },
    { name: "another document", text: "[]" },
    { name: "null", text: "null" },
    { name: "no file", text: written.replace(/"file": \{[^}]*\}/, `"file": null`) },
    { name: "an invalid hash", text: written.replace("abab", "zzzz") },
    { name: "a hash of another algorithm's length", text: written.replace("sha512", "sha256") },
    { name: "a hash in upper case", text: written.replace("abab", "ABAB") },
    { name: "an unknown algorithm", text: written.replace("sha512", "md5") },
    { name: "an invalid version", text: written.replace(`"1.30.2"`, `"../x"`) },
    { name: "an invalid time", text: written.replace("2026-11", "2026-77") },
    { name: "a size in words", text: written.replace("51458200", `"big"`) },
  ]
) {
  Deno.test(`parseReceipt() takes ${name} for no receipt`, () => {
    assertEquals(parseReceipt(text), undefined);
  });
}

for (
  const { name, stat, want } of [
    { name: "the same file", stat: {}, want: "same" },
    {
      name: "another change time, as of what was overwritten",
      stat: { ctimeMs: 99 },
      want: "touched",
    },
    { name: "another modification time", stat: { mtimeMs: 1 }, want: "touched" },
    { name: "another inode", stat: { ino: 1 }, want: "touched" },
    { name: "another size", stat: { size: 1 }, want: "changed" },
    { name: "another size and time", stat: { size: 1, mtimeMs: 1 }, want: "changed" },
  ] as const
) {
  Deno.test(`compareReceipt() says ${want} of ${name}`, () => {
    assertEquals(compareReceipt(RECEIPT, { ...STAT, ...stat }), want);
  });
}

Deno.test("fingerprintOf() is what a receipt knows of a file", () => {
  assertEquals(fingerprintOf(STAT), RECEIPT.file);
});

Deno.test("receiptPath() has a name that does not look like a kubectl", () => {
  const path = receiptPath(
    { receipts: "/h/.kuberlr/cache/receipts/linux-amd64" },
    LINUX,
    RECEIPT.version,
  );
  assertEquals(path, "/h/.kuberlr/cache/receipts/linux-amd64/1.30.2.json");
  assertEquals(versionOfFileName(LINUX, "1.30.2.json"), undefined);
});
