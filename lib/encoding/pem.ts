/**
 * Reads PEM as Go's `encoding/pem` does: blocks may be anywhere in a text.
 *
 * @module
 */
import { parseBase64 } from "./bytes.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** Returns the certificates of a text, each as a PEM text of its own. */
export function splitCertificates(pem: string): readonly string[] {
  return Array.from(pem.matchAll(CERTIFICATE), ([block]) => `${block}\n`);
}

/** Returns the first certificate of a text in DER; `undefined` if there is none. */
export function parsePemCertificate(pem: string): Uint8Array | undefined {
  const [first] = pem.matchAll(CERTIFICATE);
  return parseBase64(first?.[1]);
}

/** Returns a certificate in DER as PEM, with lines of 64 characters. */
export function formatCertificate(der: Uint8Array): string {
  const lines = der.toBase64().replaceAll(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
