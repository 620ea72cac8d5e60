/**
 * An entry of Rekor, the log of signatures: what the log answers, what it has signed of it, and what the entry is about.
 *
 * @see https://github.com/sigstore/rekor/blob/main/openapi.yaml
 * @module
 */
import { type Certificate, parsePemCertificate } from "./certificate.ts";
import { equalBytes, parseBase64, parseHex } from "../encoding/bytes.ts";
import { decodeUtf8, encodeBase64, encodeUtf8 } from "../encoding/utf8.ts";

export interface LogEntry {
  /** What was logged: canonical JSON. */
  readonly body: Uint8Array;
  /** Seconds since the epoch. */
  readonly integratedTime: number;
  /** Lower-case hex. */
  readonly logId: string;
  readonly logIndex: number;
  /** The log's signature over all of these. */
  readonly promise: Uint8Array;
  /** That it is in the log's tree, as the log has published that; older entries come without. */
  readonly proof: InclusionProof | undefined;
}

export interface InclusionProof {
  /** In the tree, which is one of several that the log consists of. */
  readonly logIndex: number;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  /** The signed note in which the log states root hash and size. */
  readonly checkpoint: string;
}

/** What was signed, and by whom. */
export interface SignedFile {
  /** SHA-256 of the file. */
  readonly digest: Uint8Array;
  /** DER. */
  readonly signature: Uint8Array;
}

/** The question whether it is in the log. */
export function formatLogQuery({ digest, signature }: SignedFile, pem: string): string {
  return JSON.stringify({
    entries: [{
      apiVersion: "0.0.1",
      kind: "hashedrekord",
      spec: {
        data: { hash: { algorithm: "sha256", value: digest.toHex() } },
        signature: {
          content: signature.toBase64(),
          publicKey: { content: encodeBase64(pem) },
        },
      },
    }],
  });
}

/** The entries of the log's answer; what is none is left out. */
export function parseLogAnswer(text: string): readonly LogEntry[] {
  const answer = parseJson(text);
  if (!Array.isArray(answer)) return [];
  return answer.slice(0, MAX_ENTRIES).flatMap((entries: unknown) =>
    Object.values(recordOf(entries)).slice(0, MAX_ENTRIES).flatMap((entry) => {
      const { body, integratedTime, logID, logIndex, verification } = recordOf(entry);
      const { signedEntryTimestamp, inclusionProof } = recordOf(verification);
      const parsed = makeLogEntry({
        body: parseBase64(body),
        integratedTime,
        logId: parseHex(logID),
        logIndex,
        promise: parseBase64(signedEntryTimestamp),
        proof: parseAnsweredProof(inclusionProof),
      });
      return parsed === undefined ? [] : [parsed];
    })
  );
}

/** Of whatever is complete. */
export function makeLogEntry(
  { body, integratedTime, logId, logIndex, promise, proof }: {
    readonly body: Uint8Array | undefined;
    readonly integratedTime: unknown;
    readonly logId: Uint8Array | undefined;
    readonly logIndex: unknown;
    readonly promise: Uint8Array | undefined;
    readonly proof: InclusionProof | undefined;
  },
): LogEntry | undefined {
  if (body === undefined || logId === undefined || promise === undefined) return undefined;
  if (!isCount(integratedTime) || !isCount(logIndex)) return undefined;
  return { body, integratedTime, logId: logId.toHex(), logIndex, promise, proof };
}

export function makeProof(
  { logIndex, treeSize, rootHash, hashes, checkpoint }: {
    readonly logIndex: unknown;
    readonly treeSize: unknown;
    readonly rootHash: Uint8Array | undefined;
    readonly hashes: readonly (Uint8Array | undefined)[];
    readonly checkpoint: unknown;
  },
): InclusionProof | undefined {
  const whole = hashes.filter((hash) => hash?.length === 32) as readonly Uint8Array[];
  if (!isCount(logIndex) || !isCount(treeSize) || typeof checkpoint !== "string") return undefined;
  if (rootHash?.length !== 32 || whole.length !== hashes.length) return undefined;
  return { logIndex, treeSize, rootHash, hashes: whole, checkpoint };
}

/** What {@linkcode LogEntry.promise} signs. */
export function formatPromised({ body, integratedTime, logId, logIndex }: LogEntry): Uint8Array {
  return encodeUtf8(
    JSON.stringify({ body: body.toBase64(), integratedTime, logID: logId, logIndex }),
  );
}

/** Whether the entry is about this file, this signature and this certificate. */
export function isEntryOf(
  { body }: LogEntry,
  { digest, signature }: SignedFile,
  certificate: Certificate,
): boolean {
  const { apiVersion, kind, spec } = recordOf(parseJson(decodeUtf8(body)));
  if (apiVersion !== "0.0.1" || kind !== "hashedrekord") return false;
  const { data, signature: logged } = recordOf(spec);
  const { algorithm, value } = recordOf(recordOf(data)["hash"]);
  const { content, publicKey } = recordOf(logged);
  const pem = parseBase64(recordOf(publicKey)["content"]);
  const loggedCertificate = pem && parsePemCertificate(decodeUtf8(pem));
  return algorithm === "sha256" && isEqual(parseHex(value), digest) &&
    isEqual(parseBase64(content), signature) && isEqual(loggedCertificate?.der, certificate.der);
}

/** A signed note: the text, and the signatures under it. */
export interface Checkpoint {
  /** What was signed. */
  readonly note: string;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly signatures: readonly {
    /** The first four bytes of the log's id, in hex. */
    readonly hint: string;
    readonly signature: Uint8Array;
  }[];
}

/** @see https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const end = text.indexOf("\n\n");
  if (end === -1) return undefined;
  const note = text.slice(0, end + 1);
  const [, size = "", hash] = note.split("\n");
  const rootHash = parseBase64(hash);
  if (!/^\d{1,15}$/.test(size) || rootHash?.length !== 32) return undefined;
  const signatures = text.slice(end + 2).split("\n").slice(0, MAX_ENTRIES).flatMap((line) => {
    const bytes = parseBase64(/^\u2014 \S+ (\S+)$/.exec(line)?.[1]);
    return bytes === undefined || bytes.length < 5
      ? []
      : [{ hint: bytes.subarray(0, 4).toHex(), signature: bytes.subarray(4) }];
  });
  return { note, treeSize: Number(size), rootHash, signatures };
}

const MAX_ENTRIES = 16;

function parseAnsweredProof(value: unknown): InclusionProof | undefined {
  const { checkpoint, hashes, logIndex, rootHash, treeSize } = recordOf(value);
  return makeProof({
    logIndex,
    treeSize,
    checkpoint,
    rootHash: parseHex(rootHash),
    hashes: Array.isArray(hashes) ? hashes.slice(0, 64).map(parseHex) : [undefined],
  });
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && equalBytes(a, b);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? value as Readonly<Record<string, unknown>>
    : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
