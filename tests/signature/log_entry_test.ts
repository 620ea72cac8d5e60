import { assertEquals } from "@std/assert";
import { formatLogQuery, parseLogAnswer } from "../../lib/signature/log_entry.ts";

const ENTRY = {
  body: "e30=",
  integratedTime: 1_700_000_000,
  logID: "c0d2",
  logIndex: 7,
  verification: {
    signedEntryTimestamp: "AA==",
    inclusionProof: {
      checkpoint: "log\n9\nAA==\n",
      hashes: ["00ff"],
      logIndex: 5,
      rootHash: "ff",
      treeSize: 9,
    },
  },
};
const MESSAGE = {
  logIndex: "7",
  logId: { keyId: "wNI=" },
  kindVersion: { kind: "hashedrekord", version: "0.0.1" },
  integratedTime: "1700000000",
  inclusionPromise: { signedEntryTimestamp: "AA==" },
  inclusionProof: {
    logIndex: "5",
    rootHash: "/w==",
    treeSize: "9",
    hashes: ["AP8="],
    checkpoint: { envelope: "log\n9\nAA==\n" },
  },
  canonicalizedBody: "e30=",
};

Deno.test("parseLogAnswer() puts an entry into protobuf's JSON", () => {
  assertEquals(parseLogAnswer(JSON.stringify([{ uuid: ENTRY }])), [MESSAGE]);
});

Deno.test("parseLogAnswer() keeps an absent proof absent, and a malformed one present", () => {
  const withProof = (inclusionProof: unknown) => {
    const verification = { ...ENTRY.verification, inclusionProof };
    const answer = parseLogAnswer(JSON.stringify([{ uuid: { ...ENTRY, verification } }]));
    return answer?.[0]?.["inclusionProof"];
  };
  assertEquals(withProof(undefined), undefined);
  for (const proof of [null, {}, "none", [], { ...ENTRY.verification.inclusionProof, hashes: 5 }]) {
    assertEquals(typeof withProof(proof), "object", JSON.stringify(proof));
  }
});

for (const text of ["[]", "[5]", "[null]", "[{}]", '["none"]']) {
  Deno.test(`parseLogAnswer() finds no entry in \`${text}\``, () => {
    assertEquals(parseLogAnswer(text), []);
  });
}

for (const text of ["", "{}", "null", "<html>", "[", '{"code":400}']) {
  Deno.test(`parseLogAnswer() takes \`${text}\` for no answer`, () => {
    assertEquals(parseLogAnswer(text), undefined);
  });
}

for (const [count, want] of [[1, 1], [4, 4], [5, 4]] as const) {
  Deno.test(`parseLogAnswer() takes ${want} of ${count} entries`, () => {
    const entries = Object.fromEntries(Array.from({ length: count }, (_, i) => [`u${i}`, ENTRY]));
    assertEquals(parseLogAnswer(JSON.stringify([entries]))?.length, want);
    const one = Array.from({ length: count }, () => ({ uuid: ENTRY }));
    assertEquals(parseLogAnswer(JSON.stringify(one))?.length, want);
  });
}

Deno.test("formatLogQuery() asks for digest, signature and certificate", () => {
  const query = JSON.parse(formatLogQuery({
    digest: Uint8Array.of(0xab),
    signature: Uint8Array.of(1),
    certificate: Uint8Array.of(2),
  }));
  const [{ kind, apiVersion, spec }] = query.entries;
  assertEquals([kind, apiVersion, spec.data.hash], ["hashedrekord", "0.0.1", {
    algorithm: "sha256",
    value: "ab",
  }]);
  assertEquals(spec.signature.content, "AQ==");
  assertEquals(
    atob(spec.signature.publicKey.content),
    "-----BEGIN CERTIFICATE-----\nAg==\n-----END CERTIFICATE-----\n",
  );
});
