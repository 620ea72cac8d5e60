/**
 * Bundles that no good mirror and no good log would serve: certificates for other uses, and proofs
 * that prove something else.
 */
import "reflect-metadata";
import { assertEquals, assertMatch } from "@std/assert";
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { makeBundle } from "../../../lib/signature/bundle.ts";
import type { SignedFile } from "../../../lib/signature/log_entry.ts";
import type { SigstoreTrust } from "../../../lib/signature/sigstore_root.ts";
import { verifySignature } from "../../../lib/signature/steps/verify_signature.ts";
import {
  authorityOf,
  type BundleJson,
  type Signing,
  type Sigstore,
  startSigstore,
} from "../../support/sigstore.ts";

const FILE = new TextEncoder().encode("a kubectl");
const GOOD = "good";
const NOT_FOR_FILES = "has a certificate that is not for signing files";
const NOT_HELD = "has a log entry that the log's tree does not hold";

const usage = (flags: number) => new x509.KeyUsagesExtension(flags, true);
const uses = (...purposes: string[]) => new x509.ExtendedKeyUsageExtension(purposes);
const unknown = (isCritical: boolean) =>
  new x509.Extension("1.2.3.4.5", isCritical, Uint8Array.of(5, 0));
const SIGN = x509.KeyUsageFlags.digitalSignature;
const { codeSigning, serverAuth } = x509.ExtendedKeyUsage;
const CODE = [usage(SIGN), uses(codeSigning)];
const CA = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  usage(x509.KeyUsageFlags.keyCertSign),
];

const LEAVES: readonly [name: string, extensions: readonly x509.Extension[], want: string][] = [
  ["as Fulcio's", CODE, GOOD],
  ["with an extension that is unknown and not critical", [...CODE, unknown(false)], GOOD],
  ["with an extension that is unknown and critical", [...CODE, unknown(true)], NOT_FOR_FILES],
  ["for servers", [usage(SIGN), uses(serverAuth)], NOT_FOR_FILES],
  ["for files and servers", [usage(SIGN), uses(codeSigning, serverAuth)], NOT_FOR_FILES],
  ["for no purpose", [usage(SIGN)], NOT_FOR_FILES],
  ["without a usage", [uses(codeSigning)], NOT_FOR_FILES],
  [
    "with more usages",
    [usage(SIGN | x509.KeyUsageFlags.keyCertSign), uses(codeSigning)],
    NOT_FOR_FILES,
  ],
  ["of an authority", [...CODE, CA[0]!], NOT_FOR_FILES],
  [
    "with an extension that is there twice",
    [...CODE, unknown(false), unknown(false)],
    NOT_FOR_FILES,
  ],
];
for (const [name, extensions, want] of LEAVES) {
  Deno.test(`verifySignature() says ${want} of a certificate ${name}`, async () => {
    await using sigstore = await startSigstore();
    const root = await issue(CA);
    const leaf = await issue([...extensions, ...identity(sigstore)], root, sigstore);
    const bundle = await sigstore.bundle(FILE, leaf);
    assertEquals(verdictOf(bundle, trusting(sigstore, root)), want);
  });
}

Deno.test("verifySignature() refuses a certificate with a second identity", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  for (const others of [["mallory@example.com"], [sigstore.trust.identity]]) {
    const leaf = await issue([...CODE, ...identity(sigstore, ...others)], root, sigstore);
    const bundle = await sigstore.bundle(FILE, leaf);
    assertMatch(verdictOf(bundle, trusting(sigstore, root)), /^is by "krel-staging@.*, /);
  }
});

Deno.test("verifySignature() refuses a certificate that one for servers has issued", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  const server = await issue([usage(SIGN), uses(serverAuth)], root);
  const leaf = await issue([...CODE, ...identity(sigstore)], server, sigstore);
  assertEquals(
    verdictOf(await sigstore.bundle(FILE, leaf), trusting(sigstore, server, root)),
    "has a certificate of no authority that Sigstore had on today",
  );
});

Deno.test("verifySignature() refuses a certificate that no certificate log has seen", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  const leaf = await issue([...CODE, ...identity(sigstore)], root);
  assertEquals(
    verdictOf(await sigstore.bundle(FILE, leaf), trusting(sigstore, root)),
    "has a certificate that no known certificate log has seen",
  );
});

const CHANGES: readonly [name: string, change: (bundle: BundleJson) => void, want: RegExp][] = [
  [
    "another file's digest",
    ({ messageSignature }) => messageSignature.messageDigest.digest = hash("x").toBase64(),
    /about another signature/,
  ],
  [
    "a digest of another kind",
    ({ messageSignature }) => messageSignature.messageDigest.algorithm = "SHA2_512",
    /another file's/,
  ],
  ["no log entry", ({ verificationMaterial: all }) => all.tlogEntries = [], /cannot be verified/],
  [
    "a log entry twice",
    ({ verificationMaterial: all }) => all.tlogEntries.push(all.tlogEntries[0]),
    /cannot be verified: duplicate/,
  ],
  [
    "no promise of the log",
    ({ verificationMaterial: all }) => delete all.tlogEntries[0].inclusionPromise,
    /cannot be read/,
  ],
  [
    "a time stamp that cannot be checked",
    ({ verificationMaterial: all }) =>
      all.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: "MAA=" }] },
    /cannot be read/,
  ],
  [
    "a key's name instead of a certificate",
    ({ verificationMaterial: all }) => {
      delete all.x509CertificateChain;
      all.publicKey = { hint: "x" };
    },
    /cannot be verified: key not found/,
  ],
  ["another version", (bundle) => bundle.mediaType = "text/html", /cannot be read/],
];
for (const [name, change, want] of CHANGES) {
  Deno.test(`verifySignature() refuses a bundle with ${name}`, async () => {
    const { sigstore, bundle } = await good();
    await using _ = sigstore;
    change(bundle);
    assertMatch(verdictOf(bundle, sigstore.trust), want);
  });
}

Deno.test("verifySignature() refuses an entry about another certificate", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  const keys = await issue([...CODE, ...identity(sigstore)], root, sigstore);
  // The second certificate has the same key, and therefore the same signature.
  const other = await issue([...CODE, ...identity(sigstore)], root, sigstore, keys.privateKey);
  const bundle = await sigstore.bundle(FILE, keys);
  bundle.verificationMaterial.x509CertificateChain.certificates[0].rawBytes = other.certificate
    .toBase64();
  assertEquals(
    verdictOf(bundle, trusting(sigstore, root)),
    "has a log entry about another signature",
  );
});

Deno.test("verifySignature() refuses a second entry, though it is logged", async () => {
  const { sigstore, bundle } = await good();
  await using _ = sigstore;
  const other = await issue(CODE);
  const signed = { ...signedFileOf(bundle), certificate: other.certificate };
  const later = new Date(Date.now() + 5_000);
  bundle.verificationMaterial.tlogEntries.push(await sigstore.log(signed, later));
  assertEquals(verdictOf(bundle, sigstore.trust), "has several log entries");
});

Deno.test("verifySignature() refuses a digest of another file that is logged with this signature", async () => {
  const { sigstore, bundle } = await good();
  await using _ = sigstore;
  const signed = { ...signedFileOf(bundle), digest: hash("another") };
  const entry = await sigstore.log(signed, new Date());
  assertEquals(verdictOf(makeBundle(signed, entry), sigstore.trust), "is another file's");
});

Deno.test("verifySignature() follows every proof of every small tree, and none that was changed", async () => {
  const { sigstore, bundle } = await good();
  await using _ = sigstore;
  const judge = (proof: Proof) => verdictOf(withProof(bundle, proof), sigstore.trust);
  for (let size = 1; size <= 7; size++) {
    for (let index = 0; index < size; index++) {
      const proof = prove(bundle, index, size, sigstore);
      assertEquals(judge(proof), GOOD, `${index} of ${size}`);
      assertEquals(judge({ ...proof, logIndex: `${size}` }), NOT_HELD);
      if (size > 1) {
        const other = (index + 1) % size;
        assertEquals(judge({ ...proof, logIndex: `${other}` }), NOT_HELD, `${other} of ${size}`);
        assertEquals(judge({ ...proof, hashes: proof.hashes.slice(1) }), NOT_HELD);
      }
      assertEquals(
        judge({ ...proof, hashes: [...proof.hashes, hash("x").toBase64()] }),
        NOT_HELD,
      );
    }
  }
});

const PROOFS: readonly [name: string, change: (proof: Proof, sigstore: Sigstore) => Proof][] = [
  ["that is not signed", (proof, sigstore) => {
    const [text, signatures] = note(5, hash("another"), sigstore).split("\n\n");
    return withEnvelope(proof, `${text?.replace("5", "6")}\n\n${signatures}`);
  }],
  [
    "without a signature",
    (proof) => withEnvelope(proof, `${proof.checkpoint.envelope.split("\n\n")[0]}\n\n`),
  ],
  ["that was changed", (proof) => withEnvelope(proof, `x${proof.checkpoint.envelope}`)],
  ["of another tree", (proof, sigstore) => withEnvelope(proof, note(5, hash("x"), sigstore))],
  ["of a larger tree than the proof says", (proof) => ({ ...proof, treeSize: "6" })],
  [
    "with another root than the proof says",
    (proof) => ({ ...proof, rootHash: hash("x").toBase64() }),
  ],
];
for (const [name, change] of PROOFS) {
  Deno.test(`verifySignature() refuses a proof with a checkpoint ${name}`, async () => {
    const { sigstore, bundle } = await good();
    await using _ = sigstore;
    const proof = change(prove(bundle, 2, 5, sigstore), sigstore);
    assertEquals(verdictOf(withProof(bundle, proof), sigstore.trust), NOT_HELD);
  });
}

/** In protobuf's JSON. */
interface Proof {
  readonly logIndex: string;
  readonly treeSize: string;
  readonly rootHash: string;
  readonly hashes: readonly string[];
  readonly checkpoint: { readonly envelope: string };
}

function withProof(bundle: BundleJson, inclusionProof: Proof): BundleJson {
  const changed = structuredClone(bundle);
  changed.verificationMaterial.tlogEntries[0].inclusionProof = inclusionProof;
  return changed;
}

function withEnvelope(proof: Proof, envelope: string): Proof {
  return { ...proof, checkpoint: { envelope } };
}

function signedFileOf({ verificationMaterial, messageSignature }: BundleJson): SignedFile {
  const [{ rawBytes }] = verificationMaterial.x509CertificateChain.certificates;
  return {
    digest: Uint8Array.fromBase64(messageSignature.messageDigest.digest),
    signature: Uint8Array.fromBase64(messageSignature.signature),
    certificate: Uint8Array.fromBase64(rawBytes),
  };
}

/** Returns a valid bundle: signed with a certificate of Fulcio, and logged. */
async function good() {
  const sigstore = await startSigstore();
  const bundle = await sigstore.goodBundle(FILE);
  assertEquals(verdictOf(bundle, sigstore.trust), GOOD);
  return { sigstore, bundle };
}

function verdictOf(bundle: BundleJson, trust: SigstoreTrust): string {
  const verdict = verifySignature(FILE, bundle, trust);
  return verdict.kind === "good" ? GOOD : verdict.reason;
}

function trusting({ trust }: Sigstore, ...chain: readonly Signing[]): SigstoreTrust {
  const authority = authorityOf(chain.map(({ certificate }) => certificate));
  return { ...trust, root: { ...trust.root, certificateAuthorities: [authority] } };
}

function identity({ trust }: Sigstore, ...others: readonly string[]): readonly x509.Extension[] {
  const names = [trust.identity, ...others].map((value) => ({ type: "email", value }) as const);
  const issuer = new TextEncoder().encode(trust.issuer);
  return [
    new x509.SubjectAlternativeNameExtension([...names], true),
    new x509.Extension("1.3.6.1.4.1.57264.1.1", false, issuer),
  ];
}

/** Returns the entry at `index` of a tree, among others' entries. @see RFC 6962, section 2.1.1 */
function prove(bundle: BundleJson, index: number, treeSize: number, sigstore: Sigstore): Proof {
  const [{ canonicalizedBody }] = bundle.verificationMaterial.tlogEntries;
  const body = Uint8Array.fromBase64(canonicalizedBody);
  const leaves = Array.from(
    { length: treeSize },
    (_, i) => i === index ? hash(Uint8Array.of(0), body) : hash(`leaf ${i}`),
  );
  const hashes: Uint8Array[] = [];
  const rootOf = (nodes: readonly Uint8Array[], at: number): Uint8Array => {
    if (nodes.length === 1) return nodes[0]!;
    let half = 1;
    while (half * 2 < nodes.length) half *= 2;
    const left = rootOf(nodes.slice(0, half), at < half ? at : NaN);
    const right = rootOf(nodes.slice(half), at >= half ? at - half : NaN);
    if (at < half) hashes.push(right);
    if (at >= half) hashes.push(left);
    return hash(Uint8Array.of(1), left, right);
  };
  const rootHash = rootOf(leaves, index);
  return {
    logIndex: `${index}`,
    treeSize: `${treeSize}`,
    rootHash: rootHash.toBase64(),
    hashes: hashes.map((each) => each.toBase64()),
    checkpoint: { envelope: note(treeSize, rootHash, sigstore) },
  };
}

function note(treeSize: number, rootHash: Uint8Array, sigstore: Sigstore): string {
  const name = new URL(sigstore.trust.logUrl).host;
  const text = `${name} - 1\n${treeSize}\n${rootHash.toBase64()}\n`;
  const signature = new Uint8Array([...sigstore.logId.slice(0, 4), ...sigstore.signAsLog(text)]);
  return `${text}\n\u2014 ${name} ${signature.toBase64()}\n`;
}

function hash(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part);
  return new Uint8Array(sha256.digest());
}

/**
 * Returns a certificate: self-signed without an issuer, and stamped by a certificate log with one.
 */
async function issue(
  extensions: readonly x509.Extension[],
  issuer?: Signing,
  stampedBy?: Sigstore,
  key?: KeyObject,
): Promise<Signing> {
  const { privateKey, publicKey } = key === undefined
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : { privateKey: key, publicKey: createPublicKey(key) };
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const exported = (key: KeyObject, type: "pkcs8" | "spki") =>
    new Uint8Array(key.export({ format: "der", type } as { format: "der"; type: "pkcs8" }));
  const importKey = (key: KeyObject, type: "pkcs8" | "spki") =>
    crypto.subtle.importKey(type, exported(key, type), algorithm, true, [
      type === "pkcs8" ? "sign" : "verify",
    ]);
  // It is made once: the stamped certificate differs only by its stamp.
  const nowMs = Date.now();
  const make = async (extensions: readonly x509.Extension[]) =>
    await x509.X509CertificateGenerator.create({
      serialNumber: key === undefined ? "01" : "02",
      subject: `CN=${privateKey.export({ format: "jwk" }).x?.slice(0, 8)}`,
      issuer: issuer === undefined
        ? `CN=${privateKey.export({ format: "jwk" }).x?.slice(0, 8)}`
        : new x509.X509Certificate(new Uint8Array(issuer.certificate)).subject,
      notBefore: new Date(nowMs - 60_000),
      notAfter: new Date(nowMs + 60_000),
      signingAlgorithm: algorithm,
      publicKey: await importKey(publicKey, "spki"),
      signingKey: await importKey(issuer?.privateKey ?? privateKey, "pkcs8"),
      extensions: [...extensions],
    });
  const made = await make(extensions);
  if (stampedBy === undefined || issuer === undefined) {
    return { certificate: new Uint8Array(made.rawData), privateKey };
  }
  const issuerKey = exported(createPublicKey(issuer.privateKey), "spki");
  const stamp = await stampedBy.stamp(new Uint8Array(made.rawData), hash(issuerKey));
  const list = Uint8Array.of(0, stamp.length, ...stamp);
  const value = Uint8Array.of(4, ...(list.length < 0x80 ? [] : [0x81]), list.length, ...list);
  const stamped = await make([
    ...extensions,
    new x509.Extension("1.3.6.1.4.1.11129.2.4.2", false, value),
  ]);
  return { certificate: new Uint8Array(stamped.rawData), privateKey };
}
