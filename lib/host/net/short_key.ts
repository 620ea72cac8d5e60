/**
 * Looks for RSA keys that are too short for Deno's TLS, below 2,048 bits, and not for Go's. Deno
 * calls what such a key has signed a bad signature, as it calls a forgery, and shows no certificate
 * of a handshake that has failed. Up to TLS 1.2 a server shows its certificates in the clear,
 * before anything is decided: so they are read from a handshake that goes no further.
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

export interface ShortKeyQuestion {
  readonly destination: Destination;
  /** In the handshake. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  /** PEM texts: the trusted ones, and the authorities of an https proxy. */
  readonly roots: readonly string[];
  /** Whether the server's certificates are not verified, so that only its own key matters. */
  readonly insecure: boolean;
  readonly signal: AbortSignal;
}

const SHORTEST_BITS = 2048;

/**
 * Whether the server's certificates lead to a trusted one, each signature being right, and one of
 * their keys is too short for Deno. Nothing is sent but the start of a handshake.
 */
export async function hasShortKey(
  { destination, serverName, proxy, roots, insecure, signal }: ShortKeyQuestion,
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
        // One that cannot be read is passed over, as Go does.
      }
    }
    return pathToTrusted(shown, trusted)?.some(isShort) ?? false;
  } catch {
    // A certificate that cannot be read, a server of TLS 1.3 alone, Deno before 2.9.
    return false;
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

function isShort({ publicKey }: X509Certificate): boolean {
  return (publicKey.asymmetricKeyDetails?.modulusLength ?? Infinity) < SHORTEST_BITS;
}

const LONGEST_PATH = 10;

/** Returns the certificates from the server's own to a trusted one. */
function pathToTrusted(
  shown: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): readonly X509Certificate[] | undefined {
  const path = shown.slice(0, 1);
  for (let at = path[0]; at !== undefined && path.length < LONGEST_PATH; at = path.at(-1)) {
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
