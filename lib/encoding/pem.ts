/**
 * PEM as Go's `encoding/pem` reads it: blocks anywhere in a text, whatever stands between them.
 *
 * @module
 */

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/g;

/** The certificates of a bundle, each as a PEM text of its own. */
export function splitCertificates(pem: string): readonly string[] {
  return Array.from(pem.matchAll(CERTIFICATE), ([block]) => `${block}\n`);
}
