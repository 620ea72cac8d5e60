/**
 * HTTP clients that use only the proxy and the certificates that their options name.
 *
 * Deno reads proxies, certificate stores and SSLKEYLOGFILE from the environment. It reads
 * HTTPS_PROXY and the like at every `createHttpClient`, where NO_PROXY overrides even an explicit
 * proxy. It reads DENO_TLS_CA_STORE, DENO_CERT and NODE_EXTRA_CA_CERTS once, at the first use of
 * TLS in the process, and every client trusts that default store besides its own `caCerts`.
 *
 * So every client is created while all of these are blank. That leaves the default store empty for
 * the whole life of the process, and a kubeconfig's CA is the only one that is trusted where it is
 * named. All of kuberlr must use TLS through this file.
 *
 * @module
 */
import type { ClientCertificate } from "../../ports/host.ts";
import { splitCertificates } from "../../encoding/pem.ts";
import { withEnv } from "../process/environment.ts";
import { muteKeyLog } from "./key_log.ts";

export interface ClientOptions {
  /** PEM texts; nothing else is trusted. */
  readonly roots: readonly string[];
  readonly clientCertificate?: ClientCertificate | undefined;
  /**
   * `http://`, `https://`, `socks5://`, with userinfo; `undefined` for none, also if the
   * environment names one.
   */
  readonly proxy?: string | undefined;
  /**
   * `1.1`: HTTP/1.1 alone, with a Host header that the caller sets; `2`: HTTP/2 alone; `undefined`:
   * either, as the server chooses.
   */
  readonly version?: "1.1" | "2" | undefined;
}

/**
 * Returns a client that the caller closes. Throws what `Deno.createHttpClient` throws, for keys and
 * proxies that cannot be used.
 */
export function openHttpClient(options: ClientOptions): Deno.HttpClient {
  muteKeyLog();
  return withEnv(BLANKS, () => {
    try {
      return createClient(options);
    } catch (error) {
      // rustls refuses a bundle with one certificate that it cannot read; Go skips it.
      const all = options.roots.flatMap(splitCertificates);
      const roots = all.filter(isReadableRoot);
      if (roots.length === all.length) throw error;
      return createClient({ ...options, roots });
    }
  });
}

/**
 * Leaves the default store of certificates empty, if TLS was not used before. To be called before
 * functions that take `caCerts` without a client, as `Deno.startTls` does.
 */
export function emptyDefaultStore(): void {
  openHttpClient({ roots: [] }).close();
}

function createClient(
  { roots, clientCertificate, proxy, version }: ClientOptions,
): Deno.HttpClient {
  const options: Deno.CreateHttpClientOptions = {
    caCerts: [...roots],
    poolMaxIdlePerHost: 0,
    ...(proxy === undefined ? {} : { proxy: { url: proxy } }),
    ...(version === "1.1" ? { allowHost: true, http2: false } : {}),
    ...(version === "2" ? { http1: false } : {}),
  };
  return Deno.createHttpClient(
    clientCertificate === undefined
      ? options
      : { ...options, cert: clientCertificate.certificate, key: clientCertificate.key },
  );
}

function isReadableRoot(root: string): boolean {
  try {
    Deno.createHttpClient({ caCerts: [root] }).close();
    return true;
  } catch {
    return false;
  }
}

let anyKey: Promise<string> | undefined;

/**
 * Returns true if rustls can read a server's certificate (PEM): only then does it check the
 * signature of a handshake. A key that does not belong to the certificate shows it: rustls compares
 * the two only if it can read the certificate.
 */
export async function isReadableLeaf(certificate: string): Promise<boolean> {
  anyKey ??= makeKey();
  const key = await anyKey;
  try {
    withEnv(BLANKS, () => Deno.createHttpClient({ cert: certificate, key }).close());
    return false;
  } catch (error) {
    return error instanceof Error && error.message.includes("KeyMismatch");
  }
}

async function makeKey(): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${der.toBase64()}\n-----END PRIVATE KEY-----\n`;
}

/**
 * These variables are overwritten and not removed, so that they keep their places in the
 * environment that kubectl inherits.
 */
const BLANKS: Readonly<Record<string, string>> = {
  DENO_TLS_CA_STORE: "",
  DENO_CERT: "base64:",
  NODE_EXTRA_CA_CERTS: "",
  HTTP_PROXY: "",
  http_proxy: "",
  HTTPS_PROXY: "",
  https_proxy: "",
  ALL_PROXY: "",
  all_proxy: "",
  NO_PROXY: "",
  no_proxy: "",
  // Deno would write the keys of every session into this file.
  SSLKEYLOGFILE: "",
};
