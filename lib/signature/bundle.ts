/**
 * A signature with everything that is needed to check it again without a network: Sigstore's bundle, version 0.1, which
 * Sigstore's other clients read, too. Kept beside the receipt.
 *
 * @see https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
 * @module
 */
import { parseBase64 } from "../encoding/bytes.ts";
import { parseCertificate } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";
import type { Layout } from "../files/layout.ts";
import {
  type InclusionProof,
  type LogEntry,
  makeLogEntry,
  makeProof,
  recordOf,
  type SignedFile,
} from "./log_entry.ts";
import { joinPath, type Platform } from "../platform.ts";
import { formatVersion, type Version } from "../version/version.ts";

export interface SignatureBundle extends SignedFile {
  readonly certificate: Certificate;
  readonly entry: LogEntry;
}

/** `1.30.2.sigstore.json`. */
export function bundlePath(
  layout: Pick<Layout, "receipts">,
  platform: Platform,
  version: Version,
): string {
  return joinPath(platform, layout.receipts, `${formatVersion(version)}.sigstore.json`);
}

export function formatBundle({ certificate, digest, signature, entry }: SignatureBundle): string {
  return JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: certificate.der.toBase64() }] },
      tlogEntries: [{
        logIndex: String(entry.logIndex),
        logId: { keyId: Uint8Array.fromHex(entry.logId).toBase64() },
        kindVersion: { kind: "hashedrekord", version: "0.0.1" },
        integratedTime: String(entry.integratedTime),
        inclusionPromise: { signedEntryTimestamp: entry.promise.toBase64() },
        ...(entry.proof && { inclusionProof: toJsonProof(entry.proof) }),
        canonicalizedBody: entry.body.toBase64(),
      }],
    },
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: digest.toBase64() },
      signature: signature.toBase64(),
    },
  }) + "\n";
}

/** `undefined` for what is none, or of another kind than kubectl's. */
export function parseBundle(text: string): SignatureBundle | undefined {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { mediaType, verificationMaterial, messageSignature } = recordOf(bundle);
  const { x509CertificateChain, tlogEntries } = recordOf(verificationMaterial);
  const [leaf] = listOf(recordOf(x509CertificateChain)["certificates"]);
  const { messageDigest, signature: signatureText } = recordOf(messageSignature);
  const { algorithm, digest: digestText } = recordOf(messageDigest);
  const der = parseBase64(recordOf(leaf)["rawBytes"]);
  const certificate = der && parseCertificate(der);
  const digest = parseBase64(digestText);
  const signature = parseBase64(signatureText);
  const [logged, ...more] = listOf(tlogEntries);
  const entry = parseEntry(recordOf(logged));
  if (
    mediaType !== MEDIA_TYPE || algorithm !== "SHA2_256" || more.length > 0 ||
    certificate === undefined || digest?.length !== 32 || signature === undefined ||
    entry === undefined
  ) return undefined;
  return { certificate, digest, signature, entry };
}

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version=0.1";

function parseEntry(entry: Readonly<Record<string, unknown>>): LogEntry | undefined {
  const proof = recordOf(entry["inclusionProof"]);
  return makeLogEntry({
    body: parseBase64(entry["canonicalizedBody"]),
    integratedTime: parseCount(entry["integratedTime"]),
    logId: parseBase64(recordOf(entry["logId"])["keyId"]),
    logIndex: parseCount(entry["logIndex"]),
    promise: parseBase64(recordOf(entry["inclusionPromise"])["signedEntryTimestamp"]),
    proof: makeProof({
      logIndex: parseCount(proof["logIndex"]),
      treeSize: parseCount(proof["treeSize"]),
      rootHash: parseBase64(proof["rootHash"]),
      hashes: listOf(proof["hashes"]).slice(0, 64).map(parseBase64),
      checkpoint: recordOf(proof["checkpoint"])["envelope"],
    }),
  });
}

function toJsonProof({ logIndex, treeSize, rootHash, hashes, checkpoint }: InclusionProof) {
  return {
    logIndex: String(logIndex),
    rootHash: rootHash.toBase64(),
    treeSize: String(treeSize),
    hashes: hashes.map((hash) => hash.toBase64()),
    checkpoint: { envelope: checkpoint },
  };
}

/** 64-bit numbers are strings in protobuf's JSON. */
function parseCount(value: unknown): number | undefined {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
