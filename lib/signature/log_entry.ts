/**
 * Entries of Rekor, the log of signatures: the query for one, and the log's answer.
 *
 * @see https://github.com/sigstore/rekor/blob/main/openapi.yaml
 * @module
 */
import { parseHex } from "../encoding/bytes.ts";
import { type JsonObject, objectOf, parseJson } from "../encoding/json.ts";
import { formatCertificate } from "../encoding/pem.ts";
import { encodeBase64 } from "../encoding/utf8.ts";

/** A `TransparencyLogEntry` message in protobuf's JSON. */
export type LogEntry = JsonObject;

export interface SignedFile {
  /** SHA-256 of the file. */
  readonly digest: Uint8Array;
  /** DER. */
  readonly signature: Uint8Array;
  /** DER; it holds the key that signed. */
  readonly certificate: Uint8Array;
}

/** The log has fewer entries for one signature. */
const MAX_ENTRIES = 4;

/** Returns the body of a query for the entries of this signature. */
export function formatLogQuery({ digest, signature, certificate }: SignedFile): string {
  return JSON.stringify({
    entries: [{
      apiVersion: "0.0.1",
      kind: "hashedrekord",
      spec: {
        data: { hash: { algorithm: "sha256", value: digest.toHex() } },
        signature: {
          content: signature.toBase64(),
          publicKey: { content: encodeBase64(formatCertificate(certificate)) },
        },
      },
    }],
  });
}

/**
 * Returns the entries of the log's answer, unchecked; `undefined` if the text is not an answer of
 * the log. A malformed field becomes a value that no check accepts, so that it does not count as
 * missing.
 */
export function parseLogAnswer(text: string): readonly LogEntry[] | undefined {
  const answer = parseJson(text);
  if (!Array.isArray(answer)) return undefined;
  return answer.flatMap((entries: unknown) => Object.values(objectOf(entries)))
    .slice(0, MAX_ENTRIES).map(toMessage);
}

function toMessage(answered: unknown): LogEntry {
  const { body, integratedTime, logID, logIndex, verification } = objectOf(answered);
  const { signedEntryTimestamp, inclusionProof } = objectOf(verification);
  return {
    logIndex: String(logIndex),
    logId: { keyId: toBase64(logID) },
    kindVersion: { kind: "hashedrekord", version: "0.0.1" },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    ...(inclusionProof !== undefined && { inclusionProof: toProof(inclusionProof) }),
    canonicalizedBody: body,
  };
}

function toProof(answered: unknown): JsonObject {
  const { checkpoint, hashes, logIndex, rootHash, treeSize } = objectOf(answered);
  return {
    logIndex: String(logIndex),
    rootHash: toBase64(rootHash),
    treeSize: String(treeSize),
    hashes: Array.isArray(hashes) ? hashes.map(toBase64) : [""],
    checkpoint: { envelope: checkpoint },
  };
}

function toBase64(hex: unknown): string {
  return parseHex(hex)?.toBase64() ?? "";
}
