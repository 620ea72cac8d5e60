import { assertEquals, assertThrows } from "@std/assert";
import root from "../../lib/signature/trusted_root.json" with { type: "json" };
import { findLostKeys, readRoot } from "../../tools/renew_sigstore_root.ts";

Deno.test("readRoot() reads the file itself, and the seeds of Sigstore's package", () => {
  const text = JSON.stringify(root);
  const seeds = { "https://tuf.example": { targets: { "trusted_root.json": btoa(text) } } };
  assertEquals(readRoot(text), root);
  assertEquals(readRoot(JSON.stringify(seeds)), root);
});

for (const text of ["{}", "[]", '{"https://tuf.example":{"targets":{}}}']) {
  Deno.test(`readRoot() refuses ${text}`, () => {
    assertThrows(() => readRoot(text), Error, "holds no trusted root");
  });
}

Deno.test("findLostKeys() finds every key and certificate that is gone", () => {
  assertEquals(findLostKeys(root, root), []);
  assertEquals(findLostKeys(root, { ...root, tlogs: root.tlogs.slice(1) }), [
    root.tlogs[0]!.publicKey.rawBytes,
  ]);
  assertEquals(findLostKeys(root, { ...root, certificateAuthorities: [] }).length, 3);
});
