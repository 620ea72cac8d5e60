/**
 * A signature with everything that is needed to check it again without a network: a Sigstore
 * bundle, version 0.1, which other Sigstore clients can read. It is stored beside the receipt.
 *
 * @see https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
 * @module
 */
import type { JsonObject } from "../encoding/json.ts";
import type { Layout } from "../files/layout.ts";
import type { LogEntry, SignedFile } from "./log_entry.ts";
import { joinPath, type Platform } from "../platform.ts";
import { formatVersion, type Version } from "../version/version.ts";

/** Returns the path of `1.30.2.sigstore.json`. */
export function bundlePath(
  layout: Pick<Layout, "receipts">,
  platform: Platform,
  version: Version,
): string {
  return joinPath(platform, layout.receipts, `${formatVersion(version)}.sigstore.json`);
}

/** Returns a `Bundle` message in protobuf's JSON. */
export function makeBundle({ digest, signature, certificate }: SignedFile, entry: LogEntry) {
  return {
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: certificate.toBase64() }] },
      tlogEntries: [entry],
    },
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: digest.toBase64() },
      signature: signature.toBase64(),
    },
  } satisfies JsonObject;
}
