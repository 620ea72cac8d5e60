/**
 * The HTTP client under a download: whom it trusts and which proxy it takes.
 *
 * @see https://docs.deno.com/api/deno/~/Deno.createHttpClient
 * @module
 */

/** `secure`: whether TLS can come up at all; without it nothing is loaded. */
export async function openClient(
  proxy: string | undefined,
  secure: boolean,
): Promise<Deno.HttpClient> {
  const caCerts = secure ? await trustedCertificates() : [];
  return withoutVariables(() =>
    Deno.createHttpClient({
      caCerts,
      ...(proxy === undefined ? {} : { proxy: proxyOptions(proxy) }),
    })
  );
}

/** Certificates of authorities, as PEM texts: the system's and those that variables add. */
export async function trustedCertificates(): Promise<string[]> {
  const added = ["DENO_CERT", "NODE_EXTRA_CA_CERTS"].map((name) => Deno.env.get(name))
    .filter((path) => path !== undefined && path !== "")
    .map((path) => tryRead(path as string));
  return [...await systemCertificates(), ...added].filter((text) => text !== "");
}

/** Go's list, in its order: the first that is there counts, SSL_CERT_FILE before all. */
const LINUX_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

async function systemCertificates(): Promise<string[]> {
  const named = Deno.env.get("SSL_CERT_FILE");
  const bundles = named ? [named] : Deno.build.os === "linux" ? LINUX_BUNDLES : [];
  for (const path of bundles) {
    const text = tryRead(path);
    if (text.includes("-----BEGIN CERTIFICATE-----")) return [text];
  }
  // The keychain, the Windows store, a folder of certificates: Deno's node layer knows the way.
  const tls: { getCACertificates?: (type: "system" | "bundled") => readonly string[] } =
    await import(
      "node:tls"
    );
  const system = tls.getCACertificates?.("system") ?? [];
  return [(system.length > 0 ? system : tls.getCACertificates?.("bundled") ?? []).join("\n")];
}

function tryRead(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // As for Go and Deno, a bundle that cannot be read is none.
    return "";
  }
}

function proxyOptions(proxy: string): Deno.Proxy {
  return { url: proxy };
}

/** Read by `createHttpClient` itself, with rules that are not ours. */
const HIDDEN = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

/**
 * Variables that must not have a say are taken away for the moment of the call: the environment is inherited by
 * kubectl. Likewise Deno's own roots are left out where this is the first use of TLS, unless the user chose them.
 */
function withoutVariables<T>(call: () => T): T {
  const kept = HIDDEN.map((name) => [name, Deno.env.get(name)] as const);
  const store = Deno.env.get("DENO_TLS_CA_STORE");
  try {
    for (const [name] of kept) Deno.env.delete(name);
    if (store === undefined) Deno.env.set("DENO_TLS_CA_STORE", "");
    return call();
  } finally {
    for (const [name, value] of kept) if (value !== undefined) Deno.env.set(name, value);
    if (store === undefined) Deno.env.delete("DENO_TLS_CA_STORE");
  }
}
