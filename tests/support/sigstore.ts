/**
 * A private Sigstore: the library's mocks of Fulcio, certificate log and Rekor, with Rekor on
 * loopback.
 *
 * @module
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { initializeCA, initializeCTLog, initializeTLog } from "@sigstore/mock";
import { formatCertificate } from "../../lib/encoding/pem.ts";
import type { JsonObject } from "../../lib/encoding/json.ts";
import {
  formatLogQuery,
  type LogEntry,
  parseLogAnswer,
  type SignedFile,
} from "../../lib/signature/log_entry.ts";
import { makeBundle } from "../../lib/signature/bundle.ts";
import { SIGSTORE_ROOT, type SigstoreTrust } from "../../lib/signature/sigstore_root.ts";
import { NOWHERE } from "./sandbox.ts";

export interface SigstoreOptions {
  /** A fault of Rekor, which replaces its answer with the entry. */
  readonly log?:
    | "empty"
    | "forgetful"
    | "broken"
    | "other-key"
    | "unreachable"
    | "crowded"
    | "page";
  /** Changes the parts of Rekor's answer beside the entry's body: promise and proof. */
  readonly tamper?: (verification: Verification) => void;
}

export interface Verification {
  signedEntryTimestamp: unknown;
  // deno-lint-ignore no-explicit-any
  inclusionProof: any;
}

/** A bundle in protobuf's JSON, which tests change. */
// deno-lint-ignore no-explicit-any
export type BundleJson = any;

export interface SignOptions {
  readonly identity?: string;
  readonly issuer?: string;
  /** When the certificate was issued; now if absent. */
  readonly issuedAt?: Date;
}

export interface Sigstore extends AsyncDisposable {
  readonly trust: SigstoreTrust;
  /** The questions that Rekor got. */
  readonly questions: readonly string[];
  /** Signs as Kubernetes does: `.sig` is base64, `.cert` is base64 of PEM. */
  sign(bytes: Uint8Array, options?: SignOptions): Promise<PublishedSignature>;
  /** Returns a bundle signed with a certificate of Fulcio, and logged. */
  goodBundle(bytes: Uint8Array): Promise<BundleJson>;
  /** Returns a bundle signed with a certificate of any kind, and logged. */
  bundle(bytes: Uint8Array, signing: Signing): Promise<BundleJson>;
  /** Logs the file at this time, inside the certificate's validity or not. */
  log(signed: SignedFile, at: Date): Promise<LogEntry>;
  /** Signs as Rekor does. */
  signAsLog(text: string): Uint8Array;
  readonly logId: Uint8Array;
  /** Makes a signed certificate timestamp for a certificate without one, preceded by its length. */
  stamp(certificate: Uint8Array, issuerKeyHash: Uint8Array): Promise<Uint8Array>;
}

/** A certificate in DER, and its private key. */
export interface Signing {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface PublishedSignature {
  readonly sig: string;
  readonly cert: string;
}

export async function startSigstore({ log, tamper }: SigstoreOptions = {}): Promise<Sigstore> {
  const keys = generateKeys();
  const logKeys = generateKeys();
  const certificateLog = await initializeCTLog(generateKeys());
  // One key is used for all times, so that certificates of another time have the same authority.
  const authority = await initializeCA(keys, certificateLog);
  const questions: string[] = [];
  const answerTo = async (question: string): Promise<Response> => {
    questions.push(question);
    if (log === "broken") return new Response("overloaded", { status: 503 });
    if (log === "page") return new Response("<html>Sign in</html>");
    if (log === "empty") return Response.json([]);
    const { entries: [proposed] } = JSON.parse(question);
    const logged = log === "forgetful" ? withOtherHash(proposed) : proposed;
    const signing = log === "other-key" ? generateKeys() : logKeys;
    const entry = await (await initializeTLog(url, signing)).log(logged);
    if (log === "other-key") await rename(entry, logKeys);
    for (const { verification } of Object.values<{ verification: Verification }>(entry)) {
      tamper?.(verification);
    }
    const strangers = log === "crowded" ? [{ a: { body: "e30=" }, b: null }, "none", 5] : [];
    return Response.json([...strangers, entry]);
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) =>
      request.method === "POST" && new URL(request.url).pathname === "/api/v1/log/entries/retrieve"
        ? await answerTo(await request.text())
        : new Response(null, { status: 404 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const issue = async (options: SignOptions = {}): Promise<Signing> => {
    const { identity = SIGSTORE_ROOT.identity, issuer = SIGSTORE_ROOT.issuer } = options;
    const own = generateKeys();
    const issuing = options.issuedAt === undefined
      ? authority
      : await initializeCA(keys, certificateLog, options.issuedAt);
    const der = await issuing.issueCertificate({
      publicKey: spki(own),
      subjectAltName: identity,
      extensions: [
        { oid: "1.3.6.1.4.1.57264.1.1", value: issuer, legacy: true },
        { oid: "1.3.6.1.4.1.57264.1.8", value: issuer },
      ],
    });
    return { certificate: bytesOf(der), privateKey: own.privateKey };
  };
  const logged = async (
    bytes: Uint8Array,
    { certificate, privateKey }: Signing,
  ): Promise<BundleJson> => {
    const signed: SignedFile = {
      digest: new Uint8Array(createHash("sha256").update(bytes).digest()),
      signature: new Uint8Array(sign("sha256", bytes, privateKey)),
      certificate,
    };
    const answer = await answerTo(formatLogQuery(signed));
    const [entry] = parseLogAnswer(await answer.text()) ?? [];
    if (entry === undefined) throw new TypeError("Not logged");
    return makeBundle(signed, entry);
  };
  const instance = (keys: Uint8Array, id: Uint8Array) => ({
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: keys.toBase64(),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start: "2020-01-01T00:00:00Z" },
    },
    logId: { keyId: id.toBase64() },
  });
  return {
    questions,
    trust: {
      identity: SIGSTORE_ROOT.identity,
      issuer: SIGSTORE_ROOT.issuer,
      date: "today",
      logUrl: log === "unreachable" ? NOWHERE : url,
      root: {
        mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        tlogs: [instance(spki(logKeys), await idOf(logKeys))],
        ctlogs: [instance(bytesOf(certificateLog.publicKey), bytesOf(certificateLog.logID))],
        certificateAuthorities: [authorityOf([bytesOf(authority.rootCertificate)])],
        timestampAuthorities: [],
      },
    },
    async sign(bytes, options) {
      const { certificate, privateKey } = await issue(options);
      return {
        sig: new Uint8Array(sign("sha256", bytes, privateKey)).toBase64(),
        cert: btoa(formatCertificate(certificate)),
      };
    },
    goodBundle: async (bytes) => await logged(bytes, await issue()),
    bundle: logged,
    signAsLog: (text) =>
      new Uint8Array(sign("sha256", new TextEncoder().encode(text), logKeys.privateKey)),
    logId: await idOf(logKeys),
    async log(signed, at) {
      const { entries: [proposed] } = JSON.parse(formatLogQuery(signed));
      const entry = await (await initializeTLog(url, logKeys, at)).log(proposed);
      return parseLogAnswer(JSON.stringify([entry]))![0]!;
    },
    stamp: async (certificate, issuerKeyHash) =>
      bytesOf(await certificateLog.log(certificate.slice().buffer, issuerKeyHash.slice().buffer)),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Returns the shape of a trusted root: the issuer of leaves comes first, the root last. */
export function authorityOf(chain: readonly Uint8Array[]): JsonObject {
  return {
    subject: { organization: "sigstore.mock", commonName: "sigstore" },
    uri: "",
    certChain: { certificates: chain.map((der) => ({ rawBytes: der.toBase64() })) },
    validFor: { start: "2020-01-01T00:00:00Z" },
  };
}

/** The types of bytes in the mocks. */
function bytesOf(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

type Keys = ReturnType<typeof generateKeys>;

function generateKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function spki({ publicKey }: Keys): Uint8Array<ArrayBuffer> {
  return new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
}

async function idOf(keys: Keys): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", spki(keys)));
}

/** Makes an entry about another file, signed by the log. */
function withOtherHash(proposed: { spec: { data: { hash: { value: string } } } }) {
  proposed.spec.data.hash.value = "00".repeat(32);
  return proposed;
}

/** Makes an impostor's entry under the log's name. */
async function rename(entry: Record<string, { logID: string }>, keys: Keys): Promise<void> {
  for (const each of Object.values(entry)) each.logID = (await idOf(keys)).toHex();
}
