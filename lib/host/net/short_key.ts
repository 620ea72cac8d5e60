/**
 * Looks for RSA keys below 2,048 bits, which Go accepts and Deno's TLS does not. Deno reports a
 * signature by such a key as a bad one, as it reports a forgery, and does not show the certificates
 * of a failed handshake. Up to TLS 1.2 a server sends its certificates unencrypted, so they are
 * read from a handshake that goes no further.
 *
 * @module
 */
import type { X509Certificate } from "node:crypto";
import { splitCertificates } from "../../encoding/pem.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { dial } from "./dial.ts";
import { closeQuietly, connectionChannel } from "./relay.ts";
import { clientHello, readCertificates } from "./plain_handshake.ts";
import type { Destination } from "./tunnel.ts";

export interface ShortKeyRequest {
  readonly destination: Destination;
  /** The name in the handshake. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  /** PEM texts: the trusted certificates, for the server and for an https proxy. */
  readonly roots: readonly string[];
  /** The server's certificates are not verified, so only its own key counts. */
  readonly insecure: boolean;
  readonly signal: AbortSignal;
}

const MIN_BITS = 2048;

/**
 * Returns true if the server's certificates lead to a trusted one by correct signatures, and one of
 * their keys is too short for Deno. `false` also if that cannot be found out. Only the start of a
 * handshake is sent.
 */
export async function showsShortKey(
  { destination, serverName, proxy, roots, insecure, signal }: ShortKeyRequest,
): Promise<boolean> {
  let connection: Deno.Conn | undefined;
  const close = () => closeQuietly({ close: () => connection?.close() });
  signal.addEventListener("abort", close);
  try {
    connection = await dial(destination, proxy, roots, signal);
    const channel = connectionChannel(connection);
    await channel.write(clientHello(serverName));
    const { X509Certificate } = await import("node:crypto");
    const shown = (await readCertificates(channel)).map((der) => new X509Certificate(der));
    if (insecure) return shown.slice(0, 1).some(isShort);
    const trusted: X509Certificate[] = [];
    for (const pem of roots.flatMap(splitCertificates)) {
      try {
        trusted.push(new X509Certificate(pem));
      } catch {
        // A certificate that cannot be read is skipped, as in Go.
      }
    }
    return pathToTrusted(shown, trusted)?.some(isShort) ?? false;
  } catch {
    // The server has a certificate that cannot be read, or only TLS 1.3, or Deno is older than 2.9.
    return false;
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Returns true for an RSA key that Deno does not accept. */
export function isShort({ publicKey }: X509Certificate): boolean {
  return (publicKey.asymmetricKeyDetails?.modulusLength ?? Infinity) < MIN_BITS;
}

const MAX_PATH = 10;

/** Returns the certificates from the server's own to a trusted one; `undefined` without one. */
function pathToTrusted(
  shown: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): readonly X509Certificate[] | undefined {
  const path = shown.slice(0, 1);
  for (let at = path[0]; at !== undefined && path.length < MAX_PATH; at = path.at(-1)) {
    const { fingerprint256 } = at;
    if (trusted.some((each) => each.fingerprint256 === fingerprint256)) return path;
    const issuer = [...trusted, ...shown].find((each) => isIssuedBy(at, each));
    if (issuer === undefined) return undefined;
    path.push(issuer);
  }
  return undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.fingerprint256 !== issuer.fingerprint256 &&
    certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
}
