/** What no good mirror and no good log would give: certificates for other things, and proofs that prove something else. */
import "reflect-metadata";
import { assertEquals } from "@std/assert";
import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import {
  isAuthority,
  isCodeSigner,
  listIdentities,
  parseCertificate,
} from "../../../lib/signature/certificate.ts";
import { denoSignatures } from "../../../lib/host/net/signatures.ts";
import type { InclusionProof, LogEntry } from "../../../lib/signature/log_entry.ts";
import type { SignatureBundle } from "../../../lib/signature/bundle.ts";
import type { SigstoreTrust } from "../../../lib/ports/signatures.ts";
import { findSignatureFlaw } from "../../../lib/signature/steps/verify_signature.ts";
import { type Signing, type Sigstore, startSigstore } from "../../support/sigstore.ts";

const FILE = new TextEncoder().encode("a kubectl");
const ports = { signatures: denoSignatures({ get: () => undefined }) };
const USAGE = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true);
const CODE = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.codeSigning]);
const SERVER = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]);
const CA = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
];
const EMAIL = new x509.SubjectAlternativeNameExtension([{ type: "email", value: "a@b.example" }]);

for (
  const { name, extensions, want } of [
    { name: "a signer's", extensions: [USAGE, CODE, EMAIL], want: [true, false, ["a@b.example"]] },
    { name: "a server's", extensions: [USAGE, SERVER], want: [false, false, []] },
    { name: "one for nothing", extensions: [USAGE], want: [false, false, []] },
    { name: "one without usage", extensions: [CODE], want: [false, false, []] },
    { name: "an authority's", extensions: [...CA, CODE], want: [false, true, []] },
    { name: "a leaf with an authority's usage", extensions: [CA[1]!], want: [false, false, []] },
    { name: "an authority's for no certificates", extensions: [CA[0]!], want: [false, false, []] },
  ]
) {
  Deno.test(`isCodeSigner(), isAuthority(), listIdentities() say ${want} of ${name} certificate`, async () => {
    const { certificate } = await issue(extensions);
    const parsed = parseCertificate(certificate)!;
    assertEquals([isCodeSigner(parsed), isAuthority(parsed), listIdentities(parsed)], want);
  });
}

Deno.test("findSignatureFlaw() refuses a certificate that is for servers", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  const leaf = await issue([USAGE, SERVER], root);
  const bundle = await sigstore.bundle(FILE, leaf);
  assertEquals(
    await flawOf(bundle, trusting(sigstore, root)),
    "has a certificate that is not for signing files",
  );
});

Deno.test("findSignatureFlaw() refuses a certificate that one for servers has issued", async () => {
  await using sigstore = await startSigstore();
  const root = await issue(CA);
  const server = await issue([USAGE, SERVER], root);
  const bundle = await sigstore.bundle(FILE, await issue([USAGE, CODE, EMAIL], server));
  assertEquals(
    await flawOf(bundle, trusting(sigstore, server, root)),
    "has a certificate of no authority that Sigstore had on today",
  );
});

Deno.test("findSignatureFlaw() refuses the log's word for another file with this signature", async () => {
  const { sigstore, bundle } = await good();
  await using _ = sigstore;
  const digest = new Uint8Array(32);
  assertEquals(await flawOf({ ...bundle, digest }, sigstore.trust), "is another file's");
});

const NOT_HELD = "has a log entry that the log's tree does not hold";

Deno.test("findSignatureFlaw() follows every proof of every small tree, and none that was changed", async () => {
  const { sigstore, bundle } = await good();
  await using _ = sigstore;
  const judge = (proof: InclusionProof) =>
    flawOf({ ...bundle, entry: { ...bundle.entry, proof } }, sigstore.trust);
  for (let size = 1; size <= 9; size++) {
    for (let index = 0; index < size; index++) {
      const proof = prove(bundle.entry, index, size, sigstore);
      assertEquals(await judge(proof), undefined, `${index} of ${size}`);
      assertEquals(await judge({ ...proof, logIndex: size }), NOT_HELD);
      if (size > 1) {
        const other = (index + 1) % size;
        assertEquals(await judge({ ...proof, logIndex: other }), NOT_HELD, `${other} of ${size}`);
        assertEquals(await judge({ ...proof, hashes: proof.hashes.slice(1) }), NOT_HELD);
      }
      assertEquals(await judge({ ...proof, hashes: [...proof.hashes, hash("x")] }), NOT_HELD);
    }
  }
});

for (
  const { name, change } of [
    {
      name: "that nobody signed",
      change: (proof: InclusionProof) => ({
        ...proof,
        checkpoint: proof.checkpoint.split("\n\n")[0] + "\n\n",
      }),
    },
    {
      name: "whose text was changed",
      change: (proof: InclusionProof) => ({ ...proof, checkpoint: `x${proof.checkpoint}` }),
    },
    {
      name: "of another size",
      change: (proof: InclusionProof) => ({ ...proof, treeSize: proof.treeSize + 1 }),
    },
    {
      name: "of another tree",
      change: (proof: InclusionProof, sigstore: Sigstore) => ({
        ...proof,
        checkpoint: note(proof.treeSize, hash("another"), sigstore),
      }),
    },
  ]
) {
  Deno.test(`findSignatureFlaw() refuses a proof with a checkpoint ${name}`, async () => {
    const { sigstore, bundle } = await good();
    await using _ = sigstore;
    const proof = change(prove(bundle.entry, 2, 5, sigstore), sigstore);
    const entry = { ...bundle.entry, proof };
    assertEquals(await flawOf({ ...bundle, entry }, sigstore.trust), NOT_HELD);
  });
}

/** A bundle with nothing wrong: signed by what Fulcio issued. */
async function good() {
  const sigstore = await startSigstore();
  const bundle = await sigstore.goodBundle(FILE);
  assertEquals(await flawOf(bundle, sigstore.trust), undefined);
  return { sigstore, bundle };
}

function flawOf(bundle: SignatureBundle, trust: SigstoreTrust) {
  return findSignatureFlaw(FILE, bundle, trust, ports);
}

function trusting({ trust }: Sigstore, ...chain: readonly Signing[]): SigstoreTrust {
  const certificates = chain.map(({ certificate }) => certificate);
  return { ...trust, authorities: [{ certificates, fromMs: 0, untilMs: undefined }] };
}

/** The entry at `index` of a tree, strangers' entries around it. @see RFC 6962, section 2.1.1 */
function prove(
  { body }: LogEntry,
  index: number,
  treeSize: number,
  sigstore: Sigstore,
): InclusionProof {
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
    logIndex: index,
    treeSize,
    rootHash,
    hashes,
    checkpoint: note(treeSize, rootHash, sigstore),
  };
}

function note(treeSize: number, rootHash: Uint8Array, sigstore: Sigstore): string {
  const text = `log - 1\n${treeSize}\n${rootHash.toBase64()}\n`;
  const hint = Uint8Array.fromHex(sigstore.trust.logs[0]!.id.slice(0, 8));
  const signature = new Uint8Array([...hint, ...sigstore.signAsLog(text)]);
  return `${text}\n\u2014 log ${signature.toBase64()}\n`;
}

function hash(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part);
  return new Uint8Array(sha256.digest());
}

/** By itself where no issuer is named. */
async function issue(
  extensions: readonly x509.Extension[],
  issuer?: Signing,
): Promise<Signing> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const exported = (key: KeyObject, type: "pkcs8" | "spki") =>
    new Uint8Array(key.export({ format: "der", type } as { format: "der"; type: "pkcs8" }));
  const importKey = (key: KeyObject, type: "pkcs8" | "spki") =>
    crypto.subtle.importKey(type, exported(key, type), algorithm, true, [
      type === "pkcs8" ? "sign" : "verify",
    ]);
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: "01",
    subject: `CN=${privateKey.export({ format: "jwk" }).x?.slice(0, 8)}`,
    issuer: issuer === undefined
      ? "CN=root"
      : new x509.X509Certificate(new Uint8Array(issuer.certificate)).subject,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 60_000),
    signingAlgorithm: algorithm,
    publicKey: await importKey(publicKey, "spki"),
    signingKey: await importKey(issuer?.privateKey ?? privateKey, "pkcs8"),
    extensions: [...extensions],
  });
  return { certificate: new Uint8Array(made.rawData), privateKey };
}
