/**
 * Certificates made on the spot: authorities, intermediates, servers, clients, and the forgeries
 * that an attacker would try. Keys are EC P-256 in PKCS#8, everything is PEM, validity is a day
 * unless told otherwise.
 *
 * @module
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/**
 * The certificate that a server or a client shows, followed by intermediates if there are any, and
 * its key.
 */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface ServerOptions extends Validity {
  /**
   * DNS names and IP addresses of the subject alternative names; `localhost` and the loopback
   * addresses if absent.
   */
  readonly names?: readonly string[];
  /** The common name; that of the first name if absent. */
  readonly commonName?: string;
  /** X.509 v1: no extensions at all, as an attacker forges them. */
  readonly version1?: boolean;
  /** CA:TRUE, which some tools write into a server's certificate. */
  readonly authority?: boolean;
  /** Makes a certificate for clients only. */
  readonly forClients?: boolean;
  /** Makes a certificate for any usage, without naming that of servers. */
  readonly forAnyUsage?: boolean;
  /** Makes certificate policies critical. */
  readonly policies?: boolean;
  /** The size of an RSA key; an EC key if absent. */
  readonly rsaBits?: number;
}

export interface ClientOptions extends Validity {
  readonly user: string;
  readonly groups?: readonly string[];
  /** X.509 v1, as `openssl x509 -req` makes it. */
  readonly version1?: boolean;
  /** The size of an RSA key; an EC key if absent. */
  readonly rsaBits?: number;
}

export interface Authority extends Identity {
  server(options?: ServerOptions): Promise<Identity>;
  client(options: ClientOptions): Promise<Identity>;
  /** Makes an intermediate. A certificate that it issues is followed by the intermediate's own. */
  intermediate(
    options?: Validity & {
      readonly name?: string;
      readonly version1?: boolean;
      /** Makes certificate policies critical, as proxies that open TLS connections do. */
      readonly policies?: boolean;
      readonly rsaBits?: number;
    },
  ): Promise<Authority>;
}

/**
 * Makes a root. Two calls with one name give two authorities that only a signature can tell apart.
 */
export async function makeAuthority(
  { name = "kubernetes", rsaBits, ...validity }:
    & { readonly name?: string; readonly rsaBits?: number }
    & Validity = {},
): Promise<Authority> {
  const keys = await makeKeys(rsaBits);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...period(validity),
    signingAlgorithm: algorithmOf(keys),
    keys,
    extensions: AUTHORITY_EXTENSIONS(),
  });
  return authority(certificate, keys, "");
}

/**
 * Makes a server certificate that signs itself. `authority` makes it CA:TRUE, as `openssl req
 * -x509` does.
 */
export async function makeSelfSigned(
  options: ServerOptions & { readonly authority?: boolean } = {},
): Promise<Identity> {
  const keys = await makeKeys(options.rsaBits);
  const names = options.names ?? LOOPBACK;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${options.commonName ?? names[0]}`,
    ...period(options),
    signingAlgorithm: algorithmOf(keys),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(options.authority ?? false, undefined, true),
      ...(names.length === 0 ? [] : [alternativeNames(names)]),
    ],
  });
  const signed = options.version1 ? await asVersion1(certificate, keys.privateKey) : certificate;
  return { certificate: formatPem(signed), key: await formatKey(keys) };
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];
const DAY_MS = 24 * 60 * 60 * 1000;

const AUTHORITY_EXTENSIONS = () => [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
];

/** `chain` holds the PEM texts between the issued certificate and the root. */
async function authority(
  certificate: x509.X509Certificate,
  keys: CryptoKeyPair,
  chain: string,
): Promise<Authority> {
  async function issue(
    subject: string,
    validity: Validity,
    extensions: x509.Extension[],
    { version1 = false, rsaBits }: Pick<ServerOptions, "version1" | "rsaBits"> = {},
  ) {
    const own = await makeKeys(rsaBits);
    const made = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: certificate.subject,
      ...period(validity),
      signingAlgorithm: algorithmOf(keys),
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions,
    });
    return { made: version1 ? await asVersion1(made, keys.privateKey) : made, own };
  }

  return {
    certificate: formatPem(certificate),
    key: await formatKey(keys),
    async server(options = {}) {
      const names = options.names ?? LOOPBACK;
      const { made, own } = await issue(`CN=${options.commonName ?? names[0]}`, options, [
        new x509.BasicConstraintsExtension(options.authority ?? false, undefined, true),
        new x509.ExtendedKeyUsageExtension([
          options.forAnyUsage
            ? "2.5.29.37.0"
            : options.forClients
            ? x509.ExtendedKeyUsage.clientAuth
            : x509.ExtendedKeyUsage.serverAuth,
        ]),
        ...(names.length === 0 ? [] : [alternativeNames(names)]),
        ...(options.policies ? [criticalPolicies()] : []),
      ], options);
      return { certificate: formatPem(made) + chain, key: await formatKey(own) };
    },
    async client({ user, groups = [], ...options }) {
      const subject = [...groups.map((group) => `O=${group}`), `CN=${user}`].join(", ");
      const { made, own } = await issue(subject, options, [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ], options);
      return { certificate: formatPem(made) + chain, key: await formatKey(own) };
    },
    async intermediate({ name = "intermediate", policies = false, ...options } = {}) {
      const extensions = [
        ...AUTHORITY_EXTENSIONS(),
        ...(policies ? [criticalPolicies()] : []),
      ];
      const { made, own } = await issue(`CN=${name}`, options, extensions, options);
      return await authority(made, own, formatPem(made) + chain);
    },
  };
}

function makeKeys(rsaBits?: number): Promise<CryptoKeyPair> {
  if (rsaBits === undefined) return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = { ...RSA, modulusLength: rsaBits, publicExponent };
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function algorithmOf({ privateKey }: CryptoKeyPair) {
  return privateKey.algorithm.name === RSA.name ? RSA : ALGORITHM;
}

function serialNumber(): string {
  // DER requires a positive number without a leading zero byte.
  return `4${crypto.randomUUID().replaceAll("-", "").slice(1)}`;
}

function period({ notBefore, notAfter }: Validity): Required<Validity> {
  return {
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + DAY_MS),
  };
}

function criticalPolicies(): x509.Extension {
  return new x509.CertificatePolicyExtension(["1.2.3.4"], true);
}

function alternativeNames(names: readonly string[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension(
    names.map((value): x509.JsonGeneralName => ({
      type: /^[\d.]+$|:/.test(value) ? "ip" : "dns",
      value,
    })),
  );
}

function formatPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem").trim()}\n`;
}

async function formatKey({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", privateKey);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY").trim()}\n`;
}

/**
 * Returns the same certificate without version and extensions, signed anew: libraries do not issue
 * such certificates.
 */
async function asVersion1(
  certificate: x509.X509Certificate,
  signingKey: CryptoKey,
): Promise<x509.X509Certificate> {
  const [toBeSigned, algorithm] = children(new Uint8Array(certificate.rawData));
  const kept = children(toBeSigned!).filter(([tag]) => tag !== 0xa0 && tag !== 0xa3);
  const signedPart = encode(0x30, ...kept);
  const signature = await crypto.subtle.sign(ALGORITHM, signingKey, signedPart);
  const bits = encode(0x03, new Uint8Array([0]), ecdsaSignature(new Uint8Array(signature)));
  return new x509.X509Certificate(encode(0x30, signedPart, algorithm!, bits));
}

/** WebCrypto returns `r || s`; X.509 requires a sequence of two integers. */
function ecdsaSignature(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const value = bytes.subarray(first);
    return value[0]! & 0x80 ? encode(0x02, new Uint8Array([0]), value) : encode(0x02, value);
  };
  return encode(0x30, integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
}

/** Returns the elements inside a DER element, each with its header. */
function children(element: Uint8Array): Uint8Array[] {
  const { start, end } = content(element, 0);
  const found: Uint8Array[] = [];
  for (let at = start; at < end;) {
    const next = content(element, at).end;
    found.push(element.subarray(at, next));
    at = next;
  }
  return found;
}

function content(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1]!;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const start = at + 2 + (first & 0x7f);
  const length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start, end: start + length };
}

function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < 0x80
    ? [tag, length]
    : length < 0x100
    ? [tag, 0x81, length]
    : [tag, 0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
