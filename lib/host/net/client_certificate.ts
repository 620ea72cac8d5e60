/**
 * Client certificates that Go presents and Deno's TLS refuses to load.
 *
 * @module
 */
import type { X509Certificate } from "node:crypto";
import {
  explainNetworkFailure,
  type NetworkFailure,
  OLD_CLIENT_CERTIFICATE,
  SHORT_CLIENT_KEY,
  textOfError,
} from "../../api_server/network_failure.ts";
import type { ClientCertificate } from "../../ports/host.ts";
import { openHttpClient } from "./http_client.ts";
import { isShort } from "./short_key.ts";

/** Returns why Deno cannot present the certificate; `undefined` if it can. */
export async function findCertificateFault(
  clientCertificate: ClientCertificate,
): Promise<NetworkFailure | undefined> {
  try {
    openHttpClient({ roots: [], clientCertificate }).close();
    return undefined;
  } catch (error) {
    // `openssl x509 -req` without extensions makes such certificates.
    if (textOfError(error).includes("UnsupportedCertVersion")) return OLD_CLIENT_CERTIFICATE;
    return await isShortKeyed(clientCertificate) ? SHORT_CLIENT_KEY : explainNetworkFailure(error);
  }
}

async function isShortKeyed({ certificate }: ClientCertificate): Promise<boolean> {
  const crypto = await import("node:crypto");
  let parsed: X509Certificate;
  try {
    parsed = new crypto.X509Certificate(certificate);
  } catch {
    return false;
  }
  return isShort(parsed);
}
