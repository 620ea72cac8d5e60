/**
 * X.509 certificates as Fulcio issues them: what they say, unverified. Anything that is unusual in such a certificate
 * makes it none: nothing here is there to be lenient.
 *
 * @see RFC 5280; https://github.com/sigstore/fulcio/blob/main/docs/certificate-specification.md
 * @module
 */
import { concatBytes } from "../encoding/bytes.ts";
import {
  type DerElement,
  encodeDer,
  formatOid,
  parseDerContent,
  parseDerInside,
  TAG,
} from "./der.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";

export interface Certificate {
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly toBeSigned: Uint8Array;
  readonly signature: Uint8Array;
  readonly hash: "sha256" | "sha384";
  /** Names in DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** By OID, their values in DER. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
}

const OID = {
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timestamps: "1.3.6.1.4.1.11129.2.4.2",
  issuerV1: "1.3.6.1.4.1.57264.1.1",
  issuerV2: "1.3.6.1.4.1.57264.1.8",
} as const;

const HASHES: Readonly<Record<string, Certificate["hash"]>> = {
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
};

/** From DER. `undefined` for what is no certificate of version 3 signed by ECDSA. */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  const [toBeSigned, algorithm, bits, ...rest] = parseDerInside(der, TAG.sequence) ?? [];
  if (toBeSigned === undefined || algorithm === undefined || rest.length > 0) return undefined;
  const fields = parseDerInside(toBeSigned.whole, TAG.sequence) ?? [];
  const [version, , inner, issuer, validity, subject, publicKey, ...optional] = fields;
  const extensions = parseExtensions(optional.find(({ tag }) => tag === 0xa3));
  const [notBefore, notAfter] = parseDerInside(validity?.whole ?? NONE, TAG.sequence) ?? [];
  const notBeforeMs = parseTime(notBefore);
  const notAfterMs = parseTime(notAfter);
  const hash = HASHES[parseAlgorithm(algorithm.whole) ?? ""];
  const signature = bits?.tag === TAG.bits && bits.content[0] === 0
    ? bits.content.subarray(1)
    : undefined;
  if (
    version?.tag !== 0xa0 || version.content[2] !== 2 || issuer === undefined ||
    subject === undefined || publicKey === undefined || extensions === undefined ||
    notBeforeMs === undefined || notAfterMs === undefined || hash === undefined ||
    signature === undefined || hash !== HASHES[parseAlgorithm(inner?.whole ?? NONE) ?? ""]
  ) return undefined;
  return {
    der,
    toBeSigned: toBeSigned.whole,
    signature,
    hash,
    issuer: issuer.whole,
    subject: subject.whole,
    notBeforeMs,
    notAfterMs,
    publicKey: publicKey.whole,
    extensions,
  };
}

/** The first one of a PEM text. */
export function parsePemCertificate(pem: string): Certificate | undefined {
  const [, base64] = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/
    .exec(pem) ?? [];
  try {
    return base64 === undefined ? undefined : parseCertificate(Uint8Array.fromBase64(base64));
  } catch {
    return undefined;
  }
}

/** Whether it may sign certificates. */
export function isAuthority({ extensions }: Certificate): boolean {
  const constraints = parseDerInside(
    extensions.get(OID.basicConstraints) ?? NONE,
    TAG.sequence,
  );
  const [isCa] = constraints ?? [];
  return isCa?.tag === TAG.boolean && isCa.content[0] === 0xff && hasUsage(extensions, 0x04);
}

/** Whether it may sign files, and nothing else. */
export function isCodeSigner(certificate: Certificate): boolean {
  const { extensions } = certificate;
  const purposes = parseDerInside(extensions.get(OID.extendedKeyUsage) ?? NONE, TAG.sequence) ?? [];
  return !isAuthority(certificate) && hasUsage(extensions, 0x80) &&
    purposes.some(({ tag, content }) => tag === TAG.oid && formatOid(content) === OID.codeSigning);
}

/** Addresses and URIs that it was issued for. */
export function listIdentities({ extensions }: Certificate): readonly string[] {
  const names = parseDerInside(extensions.get(OID.alternativeNames) ?? NONE, TAG.sequence) ?? [];
  return names.filter(({ tag }) => tag === 0x81 || tag === 0x86)
    .map(({ content }) => decodeUtf8(content));
}

/** Who established the identity, in Fulcio's words. */
export function findIssuer({ extensions }: Certificate): string | undefined {
  const newer = extensions.get(OID.issuerV2);
  const content = newer === undefined
    ? extensions.get(OID.issuerV1)
    : parseDerContent(newer, TAG.utf8);
  return content === undefined ? undefined : decodeUtf8(content);
}

/** The list of time stamps that certificate logs gave, as TLS encodes it. */
export function findTimestamps({ extensions }: Certificate): Uint8Array | undefined {
  const value = extensions.get(OID.timestamps);
  return value === undefined ? undefined : parseDerContent(value, TAG.octets);
}

/** What the certificate logs were shown: the same without their time stamps. */
export function formatPrecertificate({ toBeSigned }: Certificate): Uint8Array {
  const fields = parseDerInside(toBeSigned, TAG.sequence) ?? [];
  return encodeDer(
    TAG.sequence,
    ...fields.map((field) => {
      if (field.tag !== 0xa3) return field.whole;
      const kept = (parseDerInside(field.content, TAG.sequence) ?? []).filter((extension) =>
        oidOf(extension) !== OID.timestamps
      );
      const list = encodeDer(TAG.sequence, concatBytes([...kept.map(({ whole }) => whole)]));
      return encodeDer(0xa3, list);
    }),
  );
}

const NONE = new Uint8Array();
const KNOWN: ReadonlySet<string> = new Set(Object.values(OID));

/** `undefined` where one is there twice, or is critical and unknown. */
function parseExtensions(field: DerElement | undefined) {
  const list = field === undefined ? undefined : parseDerInside(field.content, TAG.sequence);
  if (list === undefined) return undefined;
  const extensions = new Map<string, Uint8Array>();
  for (const extension of list) {
    const parts = parseDerInside(extension.whole, TAG.sequence) ?? [];
    const oid = oidOf(extension);
    const value = parts.at(-1);
    const isCritical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0;
    if (oid === undefined || value?.tag !== TAG.octets || extensions.has(oid)) return undefined;
    if (isCritical && !KNOWN.has(oid)) return undefined;
    extensions.set(oid, value.content);
  }
  return extensions;
}

function oidOf({ whole }: DerElement): string | undefined {
  return parseAlgorithm(whole);
}

/** The OID that a sequence begins with. */
function parseAlgorithm(sequence: Uint8Array): string | undefined {
  const [oid] = parseDerInside(sequence, TAG.sequence) ?? [];
  return oid?.tag === TAG.oid ? formatOid(oid.content) : undefined;
}

function hasUsage(extensions: Certificate["extensions"], bit: number): boolean {
  const bits = parseDerContent(extensions.get(OID.keyUsage) ?? NONE, TAG.bits);
  return ((bits?.[1] ?? 0) & bit) !== 0;
}

function parseTime(element: DerElement | undefined): number | undefined {
  const text = String.fromCharCode(...element?.content.subarray(0, 20) ?? []);
  const [, year = "", ...rest] =
    (element?.tag === TAG.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
      : element?.tag === TAG.generalizedTime
      ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
      : undefined)?.exec(text) ?? [];
  const [month, day, hour, minute, second] = rest.map(Number);
  if (month === undefined || second === undefined) return undefined;
  const century = year.length === 4 ? 0 : Number(year) < 50 ? 2000 : 1900;
  return Date.UTC(century + Number(year), month - 1, day, hour, minute, second);
}
