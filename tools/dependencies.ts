/**
 * Lists the npm packages in the single file, and their licences, which go with every copy of it.
 *
 * @module
 */

export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression in its package.json. */
  readonly license: string;
  readonly licenseText: string;
  /** The digest in deno.lock: `sha512-…`. */
  readonly integrity: string;
}

interface ModuleGraph {
  readonly modules: readonly { readonly kind: string; readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
      readonly localPath: string;
    }>
  >;
}

const ROOT = new URL("..", import.meta.url);

/**
 * Returns the packages that main.ts imports, directly or not, sorted by name.
 *
 * @throws {Error} a package has no licence
 */
export async function listDependencies(): Promise<readonly Dependency[]> {
  const { modules, npmPackages } = await readGraph();
  const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", ROOT)));
  const found = new Set<string>();
  const add = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    npmPackages[id]!.dependencies.forEach(add);
  };
  modules.forEach(({ npmPackage }) => npmPackage && add(npmPackage));
  return await Promise.all(
    [...found].toSorted().map(async (id) => {
      const { name, version, localPath } = npmPackages[id]!;
      const { license } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
      const file = [...Deno.readDirSync(localPath)].find((entry) =>
        /^licen[cs]e/i.test(entry.name)
      );
      // For a package that names the Apache licence without its text, the text is that of LICENSE.
      const text = file === undefined
        ? license === "Apache-2.0" ? new URL("LICENSE", ROOT) : undefined
        : `${localPath}/${file.name}`;
      if (typeof license !== "string" || text === undefined) {
        throw new Error(`Cannot release ${id}: it comes without a licence`);
      }
      const licenseText = await Deno.readTextFile(text);
      return { name, version, license, licenseText, integrity: lock.npm[id].integrity };
    }),
  );
}

/** Returns the text of THIRD-PARTY-LICENSES. */
export function renderLicenses(dependencies: readonly Dependency[]): string {
  return [
    "kuberlr holds the following packages, each under its own licence. The executables hold Deno",
    "as well (MIT, https://github.com/denoland/deno/blob/main/LICENSE.md).",
    ...dependencies.map(({ name, version, license, licenseText }) => {
      const text = licenseText.replaceAll("\r\n", "\n").trim();
      return `\n${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}`;
    }),
  ].join("\n") + "\n";
}

async function readGraph(): Promise<ModuleGraph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`Cannot list modules: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
