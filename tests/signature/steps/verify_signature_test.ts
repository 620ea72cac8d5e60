/**
 * A signature of Sigstore's public instance, from its conformance suite, against the root that
 * kuberlr ships.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import crypto from "node:crypto";
import { SIGSTORE_ROOT, type SigstoreTrust } from "../../../lib/signature/sigstore_root.ts";
import { verifyKubectl, verifySignature } from "../../../lib/signature/steps/verify_signature.ts";
import { parseVersion } from "../../../lib/version/version.ts";

const BUNDLE = JSON.parse(
  Deno.readTextFileSync(new URL("../../testdata/conformance.sigstore.json", import.meta.url)),
);
const FILE = new TextEncoder().encode(
  `DO NOT MODIFY ME!\n\nthis is "a.txt", a sample input for sigstore-conformance's test suite.\n\nDO NOT MODIFY ME!\n`,
);
const TRUST: SigstoreTrust = {
  ...SIGSTORE_ROOT,
  identity:
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
  issuer: "https://token.actions.githubusercontent.com",
};

const NO_AUTHORITY = `has a certificate of no authority that Sigstore had on ${TRUST.date}`;
const NO_CERTIFICATE_LOG = "has a certificate that no known certificate log has seen";
const NO_LOG = `has an entry that no log signed that Sigstore had on ${TRUST.date}`;

// deno-lint-ignore no-explicit-any
type Root = any;

const WORSE: readonly [name: string, change: (root: Root) => void, want: string][] = [
  ["Sigstore's public instance", () => {}, "good"],
  ["no authority", (root) => root.certificateAuthorities = [], NO_AUTHORITY],
  [
    "an authority that had not begun",
    (root) => root.certificateAuthorities.forEach(begins("2033-01-01T00:00:00Z")),
    NO_AUTHORITY,
  ],
  [
    "an intermediate without its root's signature",
    (root) => {
      const [other, ours] = root.certificateAuthorities;
      ours.certChain.certificates.splice(1, 1, ...other.certChain.certificates);
    },
    NO_AUTHORITY,
  ],
  ["no certificate log", (root) => root.ctlogs = [], NO_CERTIFICATE_LOG],
  [
    "certificate logs that had ended",
    (root) => root.ctlogs.forEach(({ publicKey }: Root) => ends(publicKey)),
    NO_CERTIFICATE_LOG,
  ],
  [
    "certificate logs with another key",
    (root) => root.ctlogs.forEach(keyOf(root.tlogs[0])),
    NO_CERTIFICATE_LOG,
  ],
  ["no log", (root) => root.tlogs = [], NO_LOG],
  [
    "logs that had ended",
    (root) => root.tlogs.forEach(({ publicKey }: Root) => ends(publicKey)),
    NO_LOG,
  ],
  ["logs with another key", (root) => root.tlogs.forEach(keyOf(root.ctlogs[1])), NO_LOG],
];
for (const [name, change, want] of WORSE) {
  Deno.test(`verifySignature() says ${want} when it trusts ${name}`, () => {
    const root: Root = structuredClone(TRUST.root);
    change(root);
    assertEquals(verdictOf(FILE, BUNDLE, { ...TRUST, root }), want);
  });
}

const STRANGERS: readonly [name: string, trust: Partial<SigstoreTrust>][] = [
  ["an identity that is a pattern for it", { identity: TRUST.identity.replaceAll("-", ".") }],
  ["an identity that is a part of it", { identity: TRUST.identity.slice(0, -1) }],
  ["another issuer", { issuer: SIGSTORE_ROOT.issuer }],
  ["an issuer that is a part of it", { issuer: TRUST.issuer.slice(0, -1) }],
];
for (const [name, trust] of STRANGERS) {
  Deno.test(`verifySignature() refuses a good signature when ${name} is trusted`, () => {
    assertEquals(verdictOf(FILE, BUNDLE, { ...TRUST, ...trust }).startsWith("is by "), true);
  });
}

Deno.test("verifySignature() leaves the process's own crypto as it was", () => {
  const { verify } = crypto;
  verdictOf(FILE, BUNDLE, TRUST);
  verdictOf(FILE, {}, TRUST);
  assertEquals(crypto.verify === verify, true);
});

Deno.test("verifyKubectl() refuses a signed file that is not a kubectl", () => {
  const version = parseVersion("1.30.2")!;
  assertEquals(verifyKubectl({ bytes: FILE, version }, BUNDLE, TRUST), {
    kind: "bad",
    reason: `is of "an unknown program" instead of kubectl`,
  });
});

Deno.test("verifySignature() refuses every change of a byte in a bundle", () => {
  const entry = ["verificationMaterial", "tlogEntries", 0];
  const fields = [
    ["verificationMaterial", "x509CertificateChain", "certificates", 0, "rawBytes"],
    [...entry, "inclusionPromise", "signedEntryTimestamp"],
    [...entry, "canonicalizedBody"],
    [...entry, "logId", "keyId"],
    [...entry, "inclusionProof", "rootHash"],
    ["messageSignature", "signature"],
    ["messageSignature", "messageDigest", "digest"],
  ].filter((path) => typeof fieldOf(BUNDLE, path) === "string");
  fc.assert(
    fc.property(
      fc.constantFrom(...fields),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.integer({ min: 1, max: 255 }),
      (path, where, flip) => {
        const changed = structuredClone(BUNDLE);
        const bytes = Uint8Array.fromBase64(fieldOf(changed, path));
        bytes[Math.floor(where * bytes.length)]! ^= flip;
        fieldOf(changed, path.slice(0, -1))[path.at(-1)!] = bytes.toBase64();
        assertEquals(verdictOf(FILE, changed, TRUST) === "good", false);
      },
    ),
    { seed: 9, numRuns: 100 },
  );
});

function verdictOf(bytes: Uint8Array, bundle: unknown, trust: SigstoreTrust): string {
  const verdict = verifySignature(bytes, bundle, trust);
  return verdict.kind === "good" ? "good" : verdict.reason;
}

function begins(start: string) {
  return (authority: Root) => authority.validFor = { start };
}

function ends(key: Root) {
  key.validFor = { start: "1999-01-01T00:00:00Z", end: "2001-01-01T00:00:00Z" };
}

function keyOf(other: Root) {
  const { rawBytes } = other.publicKey;
  return ({ publicKey }: Root) => publicKey.rawBytes = rawBytes;
}

function fieldOf(message: Root, path: readonly (string | number)[]): Root {
  return path.reduce((value, key) => value?.[key], message);
}
