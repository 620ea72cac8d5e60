/**
 * The start of a TLS 1.2 handshake (RFC 5246, 7.4), up to the server's certificates.
 *
 * @module
 */
import { isAddress } from "../../connection/ip_address.ts";
import { type Channel, readExactly } from "./tunnel.ts";

/** Returns a record with a ClientHello, with the cipher suites and curves that Go offers. */
export function clientHello(serverName: string): Uint8Array {
  const name = Array.from(new TextEncoder().encode(serverName));
  const extensions = [
    ...(isAddress(serverName) ? [] : extension(0, counted(2, [0, ...counted(2, name)]))),
    ...extension(10, counted(2, shorts(CURVES))),
    ...extension(11, counted(1, [0])),
    ...extension(13, counted(2, shorts(SIGNATURES))),
  ];
  const hello = [
    ...[3, 3],
    ...crypto.getRandomValues(new Uint8Array(32)),
    ...counted(1, []),
    ...counted(2, shorts(CIPHER_SUITES)),
    ...counted(1, [0]),
    ...counted(2, extensions),
  ];
  return new Uint8Array([HANDSHAKE, 3, 1, ...counted(2, [CLIENT_HELLO, ...counted(3, hello)])]);
}

/**
 * Returns the server's certificates in DER, its own first; none if it shows none.
 *
 * @throws {ProxyRefusal} the connection ends before
 */
export async function readCertificates(channel: Channel): Promise<readonly Uint8Array[]> {
  let bytes: readonly number[] = [];
  for (let records = 0; records < MAX_RECORDS; records++) {
    const [type, , , high = 0, low = 0] = await readExactly(channel, 5);
    if (type !== HANDSHAKE) return [];
    bytes = [...bytes, ...await readExactly(channel, 256 * high + low)];
    for (let end; bytes.length >= 4 && bytes.length >= (end = 4 + number(bytes, 1));) {
      if (bytes[0] === CERTIFICATE) return split(bytes.slice(7, end));
      bytes = bytes.slice(end);
    }
  }
  return [];
}

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const CERTIFICATE = 11;
/** A record has at most 16 KiB. */
const MAX_RECORDS = 16;

/** ECDHE and RSA with AES-GCM, ChaCha20 and AES-CBC. */
const CIPHER_SUITES = [
  ...[0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8],
  ...[0xc009, 0xc013, 0xc00a, 0xc014, 0x9c, 0x9d, 0x2f, 0x35],
];
/** X25519, P-256, P-384, P-521. */
const CURVES = [0x1d, 0x17, 0x18, 0x19];
/** RSA-PSS, ECDSA and RSA with SHA-256, SHA-384 and SHA-512; RSA with SHA-1. */
const SIGNATURES = [
  ...[0x804, 0x403, 0x805, 0x806, 0x401, 0x501, 0x601, 0x503, 0x603, 0x201],
];

function split(bytes: readonly number[]): readonly Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let at = 0; at + 3 <= bytes.length; at += 3 + number(bytes, at)) {
    certificates.push(new Uint8Array(bytes.slice(at + 3, at + 3 + number(bytes, at))));
  }
  return certificates;
}

/** Returns the number in the three bytes at `at`. */
function number(bytes: readonly number[], at: number): number {
  return (bytes[at]! << 16) + (bytes[at + 1]! << 8) + bytes[at + 2]!;
}

/** Returns the content with its length before it, in `width` bytes. */
function counted(width: 1 | 2 | 3, content: readonly number[]): number[] {
  const { length } = content;
  return [...[length >> 16, length >> 8 & 0xff, length & 0xff].slice(3 - width), ...content];
}

function extension(type: number, content: readonly number[]): number[] {
  return [0, type, ...counted(2, content)];
}

function shorts(values: readonly number[]): number[] {
  return values.flatMap((value) => [value >> 8, value & 0xff]);
}
