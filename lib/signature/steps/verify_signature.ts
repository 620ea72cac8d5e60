/**
 * Whether a file is what Kubernetes' release process signed: offline, from a bundle.
 *
 * The certificate lived for ten minutes, so that what counts is when the log took the signature in: then the
 * certificate must have been valid, issued by an authority that was trusted, and seen by a certificate log; it must be
 * for the right identity as the right issuer established it; it must have signed this file; and the log must have
 * promised to hold just that, and must, where it says so, prove that it does.
 *
 * Sigstore's own library is CommonJS, which no single-file program can load late; it is the judge of this in the tests.
 *
 * @see https://docs.sigstore.dev/about/bundle/ and the Sigstore client specification
 * @module
 */
import { concatBytes, equalBytes } from "../../encoding/bytes.ts";
import {
  type Certificate,
  findIssuer,
  findTimestamps,
  formatPrecertificate,
  isAuthority,
  isCodeSigner,
  listIdentities,
  parseCertificate,
} from "../certificate.ts";
import {
  formatPromised,
  type InclusionProof,
  isEntryOf,
  type LogEntry,
  parseCheckpoint,
} from "../log_entry.ts";
import type { SignatureBundle } from "../bundle.ts";
import {
  isWithin,
  type Signatures,
  type SigstoreTrust,
  type TrustedLog,
} from "../../ports/signatures.ts";
import { encodeUtf8 } from "../../encoding/utf8.ts";

export interface SignaturePorts {
  readonly signatures: Signatures;
}

/** Why the signature does not count, to follow "its signature"; `undefined`: it does. */
export async function findSignatureFlaw(
  bytes: Uint8Array,
  bundle: SignatureBundle,
  trust: SigstoreTrust,
  ports: SignaturePorts,
): Promise<string | undefined> {
  const { certificate, signature, entry } = bundle;
  const timeMs = entry.integratedTime * 1000;
  const log = trust.logs.find(({ id }) => id === entry.logId);
  if (log === undefined || !isWithin(log, timeMs)) return "is in no log that kuberlr knows";
  if (!await isPromised(entry, log, ports)) return "has an entry that the log did not sign";
  if (timeMs < certificate.notBeforeMs || timeMs > certificate.notAfterMs) {
    return "was made outside its certificate's validity";
  }
  const issuer = await findAuthority(certificate, timeMs, trust, ports);
  if (issuer === undefined) {
    return `has a certificate of no authority that Sigstore had on ${trust.date}`;
  }
  if (!isCodeSigner(certificate)) return "has a certificate that is not for signing files";
  if (!await isInCertificateLog(certificate, issuer, trust, ports)) {
    return "has a certificate that no known certificate log has seen";
  }
  const identities = listIdentities(certificate);
  if (identities.length !== 1 || identities[0] !== trust.identity) {
    return `is by "${identities.join(", ")}" instead of "${trust.identity}"`;
  }
  const established = findIssuer(certificate);
  if (established !== trust.issuer) {
    return `is by an identity that "${
      established ?? "nobody"
    }" vouches for instead of "${trust.issuer}"`;
  }
  if (!equalBytes(await ports.signatures.sha256(bytes), bundle.digest)) {
    return "is another file's";
  }
  const { publicKey } = certificate;
  if (!await ports.signatures.verify({ bytes, signature, hash: "sha256", publicKey })) {
    return "is another file's";
  }
  if (!isEntryOf(entry, bundle, certificate)) return "has a log entry about another signature";
  if (entry.proof !== undefined && !await isProven(entry, entry.proof, log, ports)) {
    return "has a log entry that the log's tree does not hold";
  }
  return undefined;
}

function isPromised(
  entry: LogEntry,
  { publicKey }: TrustedLog,
  { signatures }: SignaturePorts,
): Promise<boolean> {
  const bytes = formatPromised(entry);
  return signatures.verify({ bytes, signature: entry.promise, hash: "sha256", publicKey });
}

/** The certificate that has issued this one, if everything above it is trusted. */
async function findAuthority(
  leaf: Certificate,
  timeMs: number,
  { authorities }: SigstoreTrust,
  ports: SignaturePorts,
): Promise<Certificate | undefined> {
  for (const authority of authorities) {
    if (!isWithin(authority, timeMs)) continue;
    const chain = authority.certificates.map(parseCertificate);
    let below = leaf;
    let isGood = chain.length > 0;
    for (const certificate of chain) {
      if (!isGood) break;
      isGood = certificate !== undefined && isAuthority(certificate) &&
        certificate.notBeforeMs <= timeMs && timeMs <= certificate.notAfterMs &&
        await isIssuedBy(below, certificate, ports);
      if (certificate !== undefined) below = certificate;
    }
    if (isGood) return chain[0];
  }
  return undefined;
}

async function isIssuedBy(
  { issuer, toBeSigned, signature, hash }: Certificate,
  { subject, publicKey }: Certificate,
  { signatures }: SignaturePorts,
): Promise<boolean> {
  return equalBytes(issuer, subject) &&
    await signatures.verify({ bytes: toBeSigned, signature, hash, publicKey });
}

/** One time stamp of a known log is enough. @see RFC 6962, section 3.2 */
async function isInCertificateLog(
  certificate: Certificate,
  issuer: Certificate,
  { certificateLogs }: SigstoreTrust,
  { signatures }: SignaturePorts,
): Promise<boolean> {
  const list = findTimestamps(certificate) ?? new Uint8Array();
  const precertificate = formatPrecertificate(certificate);
  const signed = concatBytes([
    await signatures.sha256(issuer.publicKey),
    numberBytes(precertificate.length, 3),
    precertificate,
  ]);
  for (let at = 2; at + 2 <= list.length;) {
    const size = numberAt(list, at, 2);
    const stamp = list.subarray(at + 2, at + 2 + size);
    at += 2 + size;
    // Version 1: log's id, time, extensions, SHA-256 with ECDSA, signature.
    const extensions = numberAt(stamp, 41, 2);
    const after = 43 + extensions;
    const log = certificateLogs.find(({ id }) => id === stamp.subarray(1, 33).toHex());
    if (log === undefined || stamp[0] !== 0 || stamp.length < after + 4) continue;
    if (stamp[after] !== 4 || stamp[after + 1] !== 3) continue;
    if (!isWithin(log, numberAt(stamp, 33, 8))) continue;
    const bytes = concatBytes([
      Uint8Array.of(0, 0),
      stamp.subarray(33, 41),
      Uint8Array.of(0, 1),
      signed,
      stamp.subarray(41, after),
    ]);
    const signature = stamp.subarray(after + 4, after + 4 + numberAt(stamp, after + 2, 2));
    const { publicKey } = log;
    if (await signatures.verify({ bytes, signature, hash: "sha256", publicKey })) return true;
  }
  return false;
}

/** @see RFC 6962, section 2.1.1 */
async function isProven(
  { body }: LogEntry,
  proof: InclusionProof,
  { id, publicKey }: TrustedLog,
  { signatures }: SignaturePorts,
): Promise<boolean> {
  const checkpoint = parseCheckpoint(proof.checkpoint);
  if (checkpoint === undefined || checkpoint.treeSize !== proof.treeSize) return false;
  const bytes = encodeUtf8(checkpoint.note);
  let isSigned = false;
  for (const { hint, signature } of checkpoint.signatures) {
    isSigned ||= hint === id.slice(0, 8) &&
      await signatures.verify({ bytes, signature, hash: "sha256", publicKey });
  }
  if (!isSigned || proof.logIndex >= proof.treeSize) return false;
  const node = (left: Uint8Array, right: Uint8Array) =>
    signatures.sha256(concatBytes([Uint8Array.of(1), left, right]));
  let hash = await signatures.sha256(concatBytes([Uint8Array.of(0), body]));
  let index = BigInt(proof.logIndex);
  let last = BigInt(proof.treeSize) - 1n;
  for (const sibling of proof.hashes) {
    if (last === 0n) return false;
    if ((index & 1n) === 1n || index === last) {
      hash = await node(sibling, hash);
      // A node at the right border without a sibling stands for itself one level up.
      while ((index & 1n) === 0n && index !== 0n) [index, last] = [index >> 1n, last >> 1n];
    } else {
      hash = await node(hash, sibling);
    }
    [index, last] = [index >> 1n, last >> 1n];
  }
  return last === 0n && equalBytes(hash, checkpoint.rootHash);
}

function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

function numberBytes(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) {
    bytes[i] = rest % 256;
  }
  return bytes;
}
