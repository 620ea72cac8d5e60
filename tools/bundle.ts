/**
 * `deno task bundle`: writes the whole program as one file, dist/kuberlr.js, to be run from a disk
 * or a URL.
 *
 * Deno's bundler makes it from main.ts and keeps all names. Each module becomes a function
 * (`init_…`), which is called when the module is first needed, so a repeated command evaluates only
 * the modules that it needs. V8 still scans the whole text, which takes 4 ms more than a file with
 * only those modules (docs/dev/benchmarks.md).
 *
 * @module
 */
import type { BuildInfo } from "../lib/build_info.ts";
import { sha256 } from "./digest.ts";
import { withoutMachinePaths } from "./portable.ts";
import { ARCHIVE, readStamp, stampText } from "./stamp.ts";

const HEADER = "#!/usr/bin/env -S deno run --allow-all --no-config --no-lock --quiet\n";

/**
 * Writes the single file.
 *
 * @throws {Error} the bundler fails, or the file would import a module statically, for which every
 * command would wait
 */
export async function bundle(output: string, info: BuildInfo): Promise<void> {
  // The two do not run at the same time, because the first bundler on a machine installs itself.
  const main = await runBundler(`--external=./${LIBRARY}`, "main.ts");
  const code = linkLibrary(main, "loadVerifySignature()") + asFunction(await runBundler(LIBRARY));
  const [text = ""] = await finish([code], info);
  await Deno.writeTextFile(output, HEADER + text);
  const [imported] = await findStaticImports(output);
  if (imported !== undefined) {
    throw new Error(`Cannot bundle: "${imported}" would be loaded by every command`);
  }
  await Deno.chmod(output, 0o755);
}

/**
 * Writes the same program as modules in a folder, for executables. These have no code cache, so V8
 * parses everything that is loaded at every start, which takes 15 ms for a single file.
 *
 * @returns the paths of the modules, `kuberlr.js` first
 * @throws {Error} the bundler fails
 */
export async function bundleModules(folder: string, info: BuildInfo): Promise<readonly string[]> {
  const options = ["--code-splitting", `--external=./${LIBRARY}`, "--outdir", folder];
  await Deno.mkdir(folder);
  await runBundler(...options, "main.ts");
  const files: Record<string, string> = {};
  for (const { name } of Deno.readDirSync(folder)) {
    files[name] = await Deno.readTextFile(`${folder}/${name}`);
    await Deno.remove(`${folder}/${name}`);
  }
  const { "main.js": main = "", ...others } = nameByOrder(files, "main.js");
  const all = { "kuberlr.js": main, ...others };
  const library = (await runBundler(LIBRARY)).replaceAll("import.meta.url", "Deno.execPath()");
  const linked = Object.values(all).map((code) => linkLibrary(code, `import("./${LIBRARY_FILE}")`));
  const texts = await finish([...linked, library], info);
  return await Promise.all([...Object.keys(all), LIBRARY_FILE].map(async (name, index) => {
    await Deno.writeTextFile(`${folder}/${name}`, texts[index]!);
    return `${folder}/${name}`;
  }));
}

/**
 * Renames the bundler's files, whose names are hashes of paths: the new names depend only on the
 * content. The files are numbered in the order in which they are mentioned, beginning with the
 * entry.
 */
export function nameByOrder(
  files: Readonly<Record<string, string>>,
  entry: string,
): Readonly<Record<string, string>> {
  const names = new Map([[entry, entry]]);
  // The loop also visits the entries that it adds to the map.
  for (const file of names.keys()) {
    for (const [other, kind] of files[file]!.matchAll(HASHED)) {
      if (other in files && !names.has(other)) names.set(other, `${kind}-${names.size}.js`);
    }
  }
  const rename = (text: string) => text.replace(HASHED, (name) => names.get(name) ?? name);
  return Object.fromEntries(
    Array.from(names, ([file, name]) => [name, rename(files[file]!)] as const),
  );
}

/** Matches `chunk-2RI5ADJ2.js`. */
const HASHED = /\b(\w+)-[A-Z0-9]{8}\.js\b/g;

/** Returns the texts with hash and stamp, and without the paths of this machine. */
async function finish(texts: readonly string[], info: BuildInfo): Promise<readonly string[]> {
  const clean = texts.map((text) => escapeNonAscii(withoutMachinePaths(text)));
  return JSON.parse(stampText(await identify(JSON.stringify(clean)), info));
}

/**
 * Returns the text with its own hash in it, by which a memo of another build is recognized
 * (lib/memory/memo.ts).
 *
 * @throws {Error} there is not exactly one place for the hash
 */
export async function identify(text: string): Promise<string> {
  const placeholder = /kuberlr-build\|\d+/g;
  const found = text.match(placeholder)?.length ?? 0;
  if (found !== 1) throw new Error(`Cannot identify: the text holds ${found} places for its hash`);
  return text.replace(placeholder, (await sha256(text)).slice(0, 16));
}

/** Returns the modules that are loaded before the first statement of a file runs. */
export async function findStaticImports(path: string): Promise<readonly string[]> {
  // A path of Windows begins like a URL: "c:".
  const name = /^[A-Za-z]:/.test(path) ? new URL(`file:///${path}`).href : path;
  const { roots, modules } = JSON.parse(await runDeno(["info", "--json", "--no-config", name]));
  const own: Module | undefined = modules.find(({ specifier }: Module) => specifier === roots[0]);
  return (own?.dependencies ?? []).filter(({ isDynamic }) => isDynamic !== true)
    .map(({ specifier }) => specifier);
}

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly specifier: string; readonly isDynamic?: boolean }[];
}

/**
 * Returns JavaScript with escapes in place of all characters that are not ASCII, even in comments.
 * With one such character, V8 stores the whole text with two bytes per character, which takes 1 ms
 * at every start.
 *
 * @throws {Error} a backslash is before such a character, and would escape the escape
 */
export function escapeNonAscii(code: string): string {
  // deno-lint-ignore no-control-regex
  const [escaped] = /\\[^\x00-\x7f]/.exec(code) ?? [];
  if (escaped !== undefined) throw new Error(`Cannot bundle: "${escaped}" would be another text`);
  return code.replaceAll(
    // deno-lint-ignore no-control-regex
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Sigstore's library is CommonJS. If it were bundled with the rest, the bundler would import Node's
 * modules before the first statement, which takes 10 ms. So it is bundled separately, and becomes a
 * function of the file.
 */
const LIBRARY = "lib/signature/steps/verify_signature.ts";

const LIBRARY_FILE = "verify_signature.js";

/** Replaces `import("…/verify_signature.ts")` by `loading`. */
function linkLibrary(code: string, loading: string): string {
  return code.replaceAll(/\bimport\("[^"]*[\\/]verify_signature\.ts"\)/g, loading);
}

/**
 * Returns the text of a module as an asynchronous function that evaluates it and returns its
 * exports. `import.meta.url` becomes the path of Deno: only `require` needs it, for Node's modules,
 * so any path will do.
 */
function asFunction(module: string): string {
  const body = module
    .replaceAll("import.meta.url", "Deno.execPath()")
    .replaceAll(
      /^import (?:\{ (\w+)(?: as (\w+))? \}|(\w+)) from ("node:\w+");$/gm,
      (_, name = "default", alias, whole, from) =>
        `const { ${name}: ${alias ?? whole ?? name} } = await import(${from});`,
    )
    .replace(/^export \{([^}]*)\};$/m, (_, names) => `return {${names.replaceAll(" as ", ": ")}};`);
  if (/^(?:import|export) /m.test(body)) throw new Error("Cannot bundle: an import is left over");
  return `async function loadVerifySignature() {\n${body}}\n`;
}

function runBundler(...args: readonly string[]): Promise<string> {
  return runDeno(["bundle", "--quiet", ...args]);
}

async function runDeno(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: new URL("..", import.meta.url),
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot bundle: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  const [file = `${root}/dist/kuberlr.js`] = Deno.args;
  // The checkout may be read-only.
  if (Deno.args.length === 0) await Deno.mkdir(`${root}/dist`, { recursive: true });
  const info = await readStamp(root, ARCHIVE, Deno.env.toObject());
  await bundle(file, info);
}
