/**
 * Verifies offline, by a bundle, that Kubernetes' release process has signed a file.
 *
 * A signing certificate is valid for ten minutes, so it is checked for the time at which the log
 * added the signature. Sigstore's library verifies that the certificate was valid then, was issued
 * by a trusted authority, and is in a certificate log; that its key has signed the file; and that
 * the log has signed its promise to include the signature, and its proof if there is one.
 *
 * This file makes the checks that the library leaves out:
 *
 * - the identity, issuer and use in the certificate
 * - that the log's entry is about this certificate
 * - that root and size of the proof are those that the log has signed, and that the digest is the
 *   file's
 * - that the file is kubectl of the version that it is installed as
 *
 * The library is CommonJS and takes some 50 ms to load, so this module is imported only when it is
 * needed.
 *
 * @see https://docs.sigstore.dev/about/bundle/ and the Sigstore client specification
 * @module
 */
import { Buffer } from "node:buffer";
import crypto from "node:crypto";
import { type Bundle, bundleFromJSON, bundleToJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import {
  type SignedEntity,
  toSignedEntity,
  toTrustMaterial,
  VerificationError,
  Verifier,
} from "@sigstore/verify";
import { objectOf, parseJson } from "../../encoding/json.ts";
import { parsePemCertificate } from "../../encoding/pem.ts";
import type { Version } from "../../version/version.ts";
import { findOtherProgram } from "../go_binary.ts";
import type { SigstoreTrust } from "../sigstore_root.ts";

export interface KubectlFile {
  readonly bytes: Uint8Array;
  /** The version that it is installed as. */
  readonly version: Version;
}

export type SignatureVerdict =
  /** `text`: the bundle in the format that {@linkcode verifySignature} writes. */
  | { readonly kind: "good"; readonly text: string }
  /** `reason` follows "the signature" in a sentence. `isKeyUnknown`: Sigstore may have new keys. */
  | { readonly kind: "bad"; readonly reason: string; readonly isKeyUnknown?: boolean };

/**
 * Verifies the signature, and that the file is kubectl of this version. `message`: a bundle in
 * protobuf's JSON, which may be malformed.
 */
export function verifyKubectl(
  { bytes, version }: KubectlFile,
  message: unknown,
  trust: SigstoreTrust,
): SignatureVerdict {
  const verdict = verifySignature(bytes, message, trust);
  const reason = verdict.kind === "bad" ? undefined : findOtherProgram(bytes, version);
  return reason === undefined ? verdict : { kind: "bad", reason };
}

/** Verifies the signature. `message`: a bundle in protobuf's JSON, which may be malformed. */
export function verifySignature(
  bytes: Uint8Array,
  message: unknown,
  trust: SigstoreTrust,
): SignatureVerdict {
  try {
    const bundle = bundleFromJSON(message);
    const entity = toSignedEntity(bundle, viewOf(bytes));
    withDefaultHash(() =>
      new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trust.root))).verify(entity)
    );
    const reason = findWrongProof(bundle, bytes) ?? findWrongUse(certificateOf(entity)) ??
      findWrongIdentity(certificateOf(entity), trust) ?? findWrongEntry(bundle, entity);
    if (reason !== undefined) return { kind: "bad", reason };
    return { kind: "good", text: `${JSON.stringify(bundleToJSON(bundle))}\n` };
  } catch (error) {
    // The library throws errors of many kinds for malformed input.
    return { kind: "bad", ...describeRefusal(error, trust) };
  }
}

type Certificate = Extract<SignedEntity["key"], { $case: "certificate" }>["certificate"];

const OID = {
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  issuerV1: "1.3.6.1.4.1.57264.1.1",
  issuerV2: "1.3.6.1.4.1.57264.1.8",
} as const;

/** The extension values of Fulcio's certificates: only digital signatures, only code signing. */
const KEY_USAGE = "03020780";
const CODE_SIGNING = "300a06082b06010505070303";

/**
 * Checks root and size of the proof against the signed checkpoint, and the digest against the file.
 * The library does not check these two, and compares the digest only with the log's entry.
 */
function findWrongProof(bundle: Bundle, bytes: Uint8Array): string | undefined {
  const { tlogEntries: [entry, ...others] } = bundle.verificationMaterial;
  if (entry === undefined || others.length > 0) return "has several log entries";
  const proof = entry.inclusionProof;
  const [, size, root] = proof?.checkpoint?.envelope.split("\n") ?? [];
  if (
    proof !== undefined && (proof.treeSize !== size || proof.rootHash.toString("base64") !== root)
  ) return PROOF_REASON;
  const digest = bundle.content.$case === "messageSignature"
    ? bundle.content.messageSignature.messageDigest.digest
    : undefined;
  const actual = crypto.createHash("sha256").update(bytes).digest();
  return digest?.equals(actual) ? undefined : FILE_REASON;
}

/** Checks the certificate's extensions. The library ignores its use, and unknown extensions. */
function findWrongUse(certificate: Certificate): string | undefined {
  const extensions = certificate.extensions.map(({ subs }) => ({
    oid: subs[0]?.toOID() ?? "",
    isCritical: subs.length === 3 && subs[1]?.toBoolean() === true,
  }));
  const oids = extensions.map(({ oid }) => oid);
  const isUnknown = extensions.some(({ oid, isCritical }) =>
    isCritical && !Object.values<string>(OID).includes(oid)
  );
  const valueOf = (oid: string) => certificate.extension(oid)?.value.toString("hex");
  return isUnknown || new Set(oids).size < oids.length ||
      certificate.extBasicConstraints?.isCA ||
      valueOf(OID.keyUsage) !== KEY_USAGE || valueOf(OID.extendedKeyUsage) !== CODE_SIGNING
    ? "has a certificate that is not for signing files"
    : undefined;
}

/**
 * Checks identity and issuer. The library's own policy takes the identity as a regular expression,
 * and looks at only one of several names.
 */
function findWrongIdentity(certificate: Certificate, trust: SigstoreTrust): string | undefined {
  const names = certificate.extension(OID.alternativeNames)?.valueObj.subs[0]?.subs ?? [];
  const [name, ...others] = names.map(({ value }) => value.toString());
  if (name !== trust.identity || others.length > 0) {
    return `is by "${[name, ...others].join(", ")}" instead of "${trust.identity}"`;
  }
  const issuer = (certificate.extension(OID.issuerV2)?.valueObj.subs[0] ??
    certificate.extension(OID.issuerV1))?.value.toString();
  if (issuer === trust.issuer) return undefined;
  return `is by an identity that "${issuer}" vouches for instead of "${trust.issuer}"`;
}

/** Checks the certificate in the log's entry. The library checks its signature and digest. */
function findWrongEntry(bundle: Bundle, { key }: SignedEntity): string | undefined {
  const body = bundle.verificationMaterial.tlogEntries[0]?.canonicalizedBody.toString() ?? "";
  const { signature } = objectOf(objectOf(parseJson(body))["spec"]);
  const pem = objectOf(objectOf(signature)["publicKey"])["content"];
  const logged = parsePemCertificate(Buffer.from(String(pem), "base64").toString());
  const own = certificateOf({ key }).root.toDER();
  return logged !== undefined && own.equals(logged) ? undefined : ENTRY_REASON;
}

function certificateOf({ key }: Pick<SignedEntity, "key">): Certificate {
  if (key.$case !== "certificate") throw new TypeError("it has no certificate");
  return key.certificate;
}

const PROOF_REASON = "has a log entry that the log's tree does not hold";
const ENTRY_REASON = "has a log entry about another signature";
const FILE_REASON = "is another file's";

function describeRefusal(
  error: unknown,
  { date }: SigstoreTrust,
): { readonly reason: string; readonly isKeyUnknown?: boolean } {
  const { message } = error instanceof Error ? error : { message: String(error) };
  if (!(error instanceof VerificationError)) return { reason: `cannot be read: ${message}` };
  const cause = error.cause instanceof Error ? error.cause.message : "";
  switch (error.code) {
    case "CERTIFICATE_ERROR":
      if (message.includes("SCT")) {
        const reason = "has a certificate that no known certificate log has seen";
        return { reason, isKeyUnknown: true };
      }
      return cause.includes("not valid or expired")
        ? { reason: "was made outside its certificate's validity" }
        : {
          reason: `has a certificate of no authority that Sigstore had on ${date}`,
          isKeyUnknown: true,
        };
    case "TLOG_INCLUSION_PROMISE_ERROR":
      return {
        reason: `has an entry that no log signed that Sigstore had on ${date}`,
        isKeyUnknown: true,
      };
    case "TLOG_INCLUSION_PROOF_ERROR":
      return { reason: PROOF_REASON };
    case "TLOG_BODY_ERROR":
      return { reason: ENTRY_REASON };
    case "SIGNATURE_ERROR":
      return { reason: FILE_REASON };
    default:
      return { reason: `cannot be verified: ${message}` };
  }
}

/**
 * Calls `run` while `crypto.verify` uses SHA-256 by default, as in Node. The library does not name
 * the hash; Deno then throws, and the library reports an invalid signature.
 */
function withDefaultHash(run: () => void): void {
  const { verify } = crypto;
  const patched = (...[algorithm, ...rest]: Parameters<typeof verify>) =>
    verify(algorithm ?? "sha256", ...rest);
  crypto.verify = patched as typeof verify;
  try {
    run();
  } finally {
    crypto.verify = verify;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
