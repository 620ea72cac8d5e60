/**
 * The certificates that the system trusts, as Go's `crypto/x509` finds them for kubectl. On Linux
 * they are the first bundle of a list, or SSL_CERT_FILE, and the files of SSL_CERT_DIR; elsewhere,
 * the system's store.
 *
 * Source: Go, `crypto/x509/root_unix.go` and `root_linux.go`.
 *
 * @module
 */
import { emptyDefaultStore } from "./http_client.ts";

/** Returns PEM texts; none if nothing can be read, so nothing is trusted then. */
export async function systemRoots(): Promise<readonly string[]> {
  return Deno.build.os === "linux" ? linuxRoots() : await nativeRoots();
}

const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
const FOLDERS = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

function linuxRoots(): readonly string[] {
  const ownBundle = variable("SSL_CERT_FILE");
  const ownFolders = variable("SSL_CERT_DIR");
  const bundle = (ownBundle === undefined ? BUNDLES : [ownBundle]).map(readText).find(isPresent);
  // Go reads the folders as well. The system's hold the same certificates as its bundle, and
  // reading them takes a hundred times as long.
  if (bundle !== undefined && ownBundle === undefined && ownFolders === undefined) return [bundle];
  const folders = ownFolders === undefined ? FOLDERS : ownFolders.split(":");
  return [bundle, ...folders.flatMap(readFolder)].filter(isPresent);
}

function readFolder(folder: string): readonly (string | undefined)[] {
  try {
    // A link to a file of the same folder is its second name, as `4f316efb.0` is.
    return Array.from(Deno.readDirSync(folder))
      .filter(({ name, isSymlink }) =>
        !isSymlink || Deno.readLinkSync(`${folder}/${name}`).includes("/")
      )
      .map(({ name }) => readText(`${folder}/${name}`));
  } catch {
    return [];
  }
}

async function nativeRoots(): Promise<readonly string[]> {
  emptyDefaultStore();
  const tls = await import("node:tls");
  // Deno 2.6 cannot read the system's store. Deno's own authorities take its place.
  return tls.getCACertificates?.("system") ?? tls.rootCertificates;
}

/** Reads only a regular file: a pipe may never end, and would be empty for kubectl afterwards. */
function readText(path: string): string | undefined {
  try {
    return Deno.statSync(path).isFile ? Deno.readTextFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch {
    return undefined;
  }
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined;
}
