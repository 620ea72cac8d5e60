/**
 * A signature of Sigstore's public instance, from its conformance suite, against the roots that kuberlr ships; and, for
 * every change to it, Sigstore's own library as the judge.
 */
import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import crypto from "node:crypto";
import fc from "fast-check";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { denoSignatures } from "../../../lib/host/net/signatures.ts";
import { formatBundle, parseBundle } from "../../../lib/signature/bundle.ts";
import type { SigstoreTrust } from "../../../lib/ports/signatures.ts";
import { SIGSTORE_ROOT } from "../../../lib/signature/sigstore_root.ts";
import { findSignatureFlaw } from "../../../lib/signature/steps/verify_signature.ts";

const TEXT = Deno.readTextFileSync(
  new URL("../../testdata/conformance.sigstore.json", import.meta.url),
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
const ports = { signatures: denoSignatures({ get: () => undefined }) };

const WORSE: Readonly<
  Record<string, { trust?: Partial<SigstoreTrust>; want: string | undefined }>
> = {
  "Sigstore's public instance": { want: undefined },
  "nobody's authority": {
    trust: { authorities: [] },
    want: "has a certificate of no authority that Sigstore had on 2026-11-05",
  },
  "an authority that had not begun": {
    trust: { authorities: SIGSTORE_ROOT.authorities.map((one) => ({ ...one, fromMs: 2e12 })) },
    want: "has a certificate of no authority that Sigstore had on 2026-11-05",
  },
  "an intermediate without its root's signature": {
    trust: {
      authorities: SIGSTORE_ROOT.authorities.map((one) => ({
        ...one,
        certificates: [...one.certificates.slice(0, 1), ...otherRoot()],
      })),
    },
    want: "has a certificate of no authority that Sigstore had on 2026-11-05",
  },
  "no certificate log": {
    trust: { certificateLogs: [] },
    want: "has a certificate that no known certificate log has seen",
  },
  "a certificate log that had ended": {
    trust: {
      certificateLogs: SIGSTORE_ROOT.certificateLogs.map((log) => ({ ...log, untilMs: 1e12 })),
    },
    want: "has a certificate that no known certificate log has seen",
  },
  "a certificate log with another key": {
    trust: {
      certificateLogs: SIGSTORE_ROOT.certificateLogs.map((log) => ({
        ...log,
        publicKey: SIGSTORE_ROOT.logs[0]!.publicKey,
      })),
    },
    want: "has a certificate that no known certificate log has seen",
  },
  "no log": { trust: { logs: [] }, want: "is in no log that kuberlr knows" },
  "a log that had ended": {
    trust: { logs: SIGSTORE_ROOT.logs.map((log) => ({ ...log, untilMs: 1e12 })) },
    want: "is in no log that kuberlr knows",
  },
  "a log with another key": {
    trust: {
      logs: SIGSTORE_ROOT.logs.map((log) => ({
        ...log,
        publicKey: SIGSTORE_ROOT.certificateLogs[0]!.publicKey,
      })),
    },
    want: "has an entry that the log did not sign",
  },
};

for (const [name, { trust, want }] of Object.entries(WORSE)) {
  Deno.test(`findSignatureFlaw() says ${want ?? "nothing"} when it trusts ${name}`, async () => {
    const bundle = parseBundle(TEXT)!;
    assertEquals(await findSignatureFlaw(FILE, bundle, { ...TRUST, ...trust }, ports), want);
  });
}

Deno.test("findSignatureFlaw() takes nothing that Sigstore's library refuses", async () => {
  using _ = withNodesDefaultHash();
  assertEquals(libraryAccepts(TEXT), true);
  assertEquals(libraryAccepts(formatBundle(parseBundle(TEXT)!)), true);
  const bundle = JSON.parse(TEXT);
  const fields = [
    ["verificationMaterial", "x509CertificateChain", "certificates", 0, "rawBytes"],
    ["verificationMaterial", "tlogEntries", 0, "inclusionPromise", "signedEntryTimestamp"],
    ["verificationMaterial", "tlogEntries", 0, "canonicalizedBody"],
    ["verificationMaterial", "tlogEntries", 0, "logId", "keyId"],
    ["messageSignature", "signature"],
    ["messageSignature", "messageDigest", "digest"],
  ];
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...fields),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.integer({ min: 1, max: 255 }),
      async (path, where, flip) => {
        const changed = structuredClone(bundle);
        // deno-lint-ignore no-explicit-any
        const parent = path.slice(0, -1).reduce((value: any, key) => value[key], changed);
        const key = path.at(-1)!;
        const bytes = Uint8Array.fromBase64(parent[key]);
        bytes[Math.floor(where * bytes.length)]! ^= flip;
        parent[key] = bytes.toBase64();
        const text = JSON.stringify(changed);
        const parsed = parseBundle(text);
        const flaw = parsed && await findSignatureFlaw(FILE, parsed, TRUST, ports);
        if (parsed === undefined || flaw !== undefined) return;
        accepted++;
        assertEquals(libraryAccepts(text), true);
      },
    ),
    { seed: 9, numRuns: 300 },
  );
  assertEquals(accepted, 0);
});

function libraryAccepts(text: string): boolean {
  try {
    const verifier = new Verifier(toTrustMaterial(trustedRoot()));
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(text)), bytesOf(FILE)), {
      subjectAlternativeName: TRUST.identity,
      extensions: { issuer: TRUST.issuer },
    });
    return true;
  } catch {
    return false;
  }
}

/** What kuberlr trusts, in the library's shape. */
function trustedRoot(): Parameters<typeof toTrustMaterial>[0] {
  const period = ({ fromMs, untilMs }: { fromMs: number; untilMs: number | undefined }) => ({
    start: new Date(fromMs),
    end: untilMs === undefined ? undefined : new Date(untilMs),
  });
  const log = (each: SigstoreTrust["logs"][number]) => ({
    baseUrl: each.url,
    hashAlgorithm: 1,
    publicKey: { rawBytes: bytesOf(each.publicKey), keyDetails: 5, validFor: period(each) },
    logId: { keyId: bytesOf(Uint8Array.fromHex(each.id)) },
  });
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: TRUST.logs.map(log),
    ctlogs: TRUST.certificateLogs.map(log),
    timestampAuthorities: [],
    certificateAuthorities: TRUST.authorities.map((authority) => ({
      subject: undefined,
      uri: "",
      operator: "",
      certChain: {
        certificates: authority.certificates.map((each) => ({ rawBytes: bytesOf(each) })),
      },
      validFor: period(authority),
    })),
    // deno-lint-ignore no-explicit-any
  } as any;
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}

/** The library leaves the hash to Node, which takes SHA-256; Deno takes none, and the library a good signature for bad. */
function withNodesDefaultHash(): Disposable {
  const { verify } = crypto;
  // deno-lint-ignore no-explicit-any
  const patched = (algorithm: any, data: any, key: any, ...rest: any[]) =>
    // deno-lint-ignore no-explicit-any
    (verify as any)(algorithm ?? "sha256", data, key, ...rest);
  crypto.verify = patched as typeof verify;
  return { [Symbol.dispose]: () => void (crypto.verify = verify) };
}

function otherRoot() {
  return SIGSTORE_ROOT.authorities[0]!.certificates;
}
