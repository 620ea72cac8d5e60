/**
 * HTTP clients that trust and go through what their arguments say and nothing else.
 *
 * Deno reads proxies, certificate stores and SSLKEYLOGFILE from the environment: HTTPS_PROXY and
 * its kin at every `createHttpClient`, where NO_PROXY even beats an explicit proxy, and
 * DENO_TLS_CA_STORE, DENO_CERT and NODE_EXTRA_CA_CERTS once, at the first use of TLS in the
 * process; every client trusts that store besides its `caCerts`. So clients are made with all of
 * them blanked, which leaves the store of the process empty for good, and each client names its
 * roots: in any order, a kubeconfig's CA stays the only one trusted where it is named. Nothing in
 * kuberlr may use TLS in another way than through this file.
 *
 * @module
 */
import { splitCertificates } from "../../encoding/pem.ts";
import { withEnv } from "../process/environment.ts";

export interface ClientOptions {
  /** PEM texts; nothing else is trusted. */
  readonly roots: readonly string[];
  readonly identity?: { readonly certificate: string; readonly key: string } | undefined;
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
 * To be closed by the caller. Throws what `Deno.createHttpClient` throws: keys and proxies that
 * cannot be used.
 */
export function openHttpClient(options: ClientOptions): Deno.HttpClient {
  return withEnv(BLANKS, () => {
    try {
      return createClient(options);
    } catch (error) {
      // One certificate that rustls cannot read spoils the bundle; Go passes over it.
      const all = options.roots.flatMap(splitCertificates);
      const roots = all.filter(isReadableRoot);
      if (roots.length === all.length) throw error;
      return createClient({ ...options, roots });
    }
  });
}

/**
 * Makes the process's own store of certificates the empty one, if nothing has used TLS yet: for
 * what takes `caCerts` without a client, such as `Deno.startTls`.
 */
export function emptyDefaultStore(): void {
  openHttpClient({ roots: [] }).close();
}

function createClient({ roots, identity, proxy, version }: ClientOptions): Deno.HttpClient {
  const options: Deno.CreateHttpClientOptions = {
    caCerts: [...roots],
    poolMaxIdlePerHost: 0,
    ...(proxy === undefined ? {} : { proxy: { url: proxy } }),
    ...(version === "1.1" ? { allowHost: true, http2: false } : {}),
    ...(version === "2" ? { http1: false } : {}),
  };
  return Deno.createHttpClient(
    identity === undefined
      ? options
      : { ...options, cert: identity.certificate, key: identity.key },
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
 * Whether rustls reads a certificate as a server's: only then does it check the signature of a
 * handshake. It says so when it compares the certificate with a key, which is another one here.
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
 * Overwritten and not removed, so that they keep their places in the environment that kubectl
 * inherits.
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
  // Deno would write the keys of every session there, that of the connection with the token among
  // them.
  SSLKEYLOGFILE: "",
};
