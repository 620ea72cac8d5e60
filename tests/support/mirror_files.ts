/**
 * The files of a mirror, laid out as dl.k8s.io is.
 *
 * @module
 */
import { createHash } from "node:crypto";

export interface ReleaseOptions {
  readonly kubectls: readonly MirrorKubectl[];
  /** The format of checksum files; today's format of Kubernetes if absent. */
  readonly checksums?: "bare" | "newline" | "named";
  /** The checksum files that exist; all if absent. */
  readonly algorithms?: readonly string[];
  /** The platforms, as `linux/amd64`, for which kubectls exist; all if absent. */
  readonly platforms?: readonly string[];
}

/**
 * A kubectl's bytes, in a file or in memory; they are the same for every platform. Without `sha512`
 * the mirror hashes them when the checksum is asked for, while kuberlr waits for it.
 */
export type MirrorKubectl =
  & { readonly version: string; readonly sha512?: string }
  & ({ readonly path: string } | { readonly bytes: Uint8Array });

/** Returns bytes that look like a kubectl: an ELF header, then bytes that a number determines. */
export function elfBytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  return bytes;
}

/**
 * Returns the part of a kubectl that kuberlr reads, as Go's linker writes it, then bytes that a
 * number determines.
 */
export function kubectlBytes(
  version: string,
  { program = "k8s.io/kubernetes/cmd/kubectl", seed = 1 } = {},
): Uint8Array<ArrayBuffer> {
  const bytes = elfBytes(300_000, seed);
  const put = (at: number, text: string) =>
    bytes.set(Uint8Array.from(text, (character) => character.charCodeAt(0)), at);
  put(100_000, `\xff Go buildinf:\x08\x02${"\0".repeat(16)}\x08go1.22.2`);
  put(100_041, `\xa0\x03${"\x30".repeat(16)}path\t${program}\nmod\tk8s.io/kubernetes\t(devel)\t\n`);
  put(200_000, `v${version}\0v${version}\0\0`);
  return bytes;
}

/** Writes the releases as files, for a `file:///` mirror. */
export function writeMirror(
  folder: string,
  options: ReleaseOptions,
  platforms: readonly string[],
): void {
  const release = releaseFiles(options);
  const write = (path: string) => {
    const file = release(path);
    if (file === undefined) return;
    Deno.mkdirSync(folder + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(folder + path, file);
  };
  write("/release/stable.txt");
  for (const { version } of options.kubectls) {
    write(`/release/stable-${version.split(".").slice(0, 2).join(".")}.txt`);
    for (const platform of platforms) {
      const path = `/release/v${version}/bin/${platform}/kubectl${
        platform.startsWith("windows") ? ".exe" : ""
      }`;
      for (const suffix of ["", ".sha512", ".sha256", ".sha1"]) write(path + suffix);
    }
  }
}

/** Returns the file at a path, for example `/release/stable.txt`. */
export type ReleaseFiles = (path: string) => Uint8Array | undefined;

export function releaseFiles(
  { kubectls, checksums = "bare", algorithms, platforms }: ReleaseOptions,
): ReleaseFiles {
  const hashes = new Map<string, string>();
  const contents = new Map<string, Uint8Array>();
  const read = (kubectl: MirrorKubectl) => {
    if ("bytes" in kubectl) return kubectl.bytes;
    const bytes = contents.get(kubectl.path) ?? Deno.readFileSync(kubectl.path);
    contents.set(kubectl.path, bytes);
    return bytes;
  };
  const hashOf = (kubectl: MirrorKubectl, algorithm: string) => {
    if (algorithm === "sha512" && kubectl.sha512 !== undefined) return kubectl.sha512;
    const key = `${kubectl.version} ${algorithm}`;
    const hash = hashes.get(key) ?? createHash(algorithm).update(read(kubectl)).digest("hex");
    hashes.set(key, hash);
    return hash;
  };
  return (path) => {
    const marker = /^\/release\/stable(?:-(\d+\.\d+))?\.txt$/.exec(path);
    if (marker !== null) {
      const newest = kubectls.map(({ version }) => version)
        .filter((version) =>
          !version.includes("-") &&
          version.startsWith(marker[1] === undefined ? "" : `${marker[1]}.`)
        )
        .sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
      return newest === undefined ? undefined : new TextEncoder().encode(`v${newest}`);
    }
    const [, version, platform = "", algorithm] = BINARY.exec(path) ?? [];
    const kubectl = kubectls.find((one) => one.version === version);
    if (kubectl === undefined || platforms?.includes(platform) === false) return undefined;
    if (algorithm === undefined) return read(kubectl);
    if (algorithms?.includes(algorithm) === false) return undefined;
    const hash = hashOf(kubectl, algorithm);
    const text = { bare: hash, newline: `${hash}\n`, named: `${hash}  kubectl\n` }[checksums];
    return new TextEncoder().encode(text);
  };
}

const BINARY =
  /^\/release\/v(\d[^/]*)\/bin\/(\w+\/\w+)\/kubectl(?:\.exe)?(?:\.(sha512|sha256|sha1))?$/;
