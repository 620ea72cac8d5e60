/**
 * `deno task bundle`: the whole program as one file, dist/kuberlr.js, to be run from a disk or a
 * URL.
 *
 * It is what Deno's bundler makes of main.ts, with every name kept. A module that is imported
 * statically or dynamically becomes a function (`init_…`) that is called when the module is first
 * needed, so that a repeated command evaluates no module that only the long way needs. V8 looks
 * over all of the text all the same, which takes 4 ms more than a file that held the short way
 * alone (docs/dev/benchmarks.md).
 *
 * @module
 */
import type { BuildInfo } from "../lib/build_info.ts";
import { sha256 } from "./digest.ts";
import { withoutMachinePaths } from "./portable.ts";
import { ARCHIVE, readStamp, stampText } from "./stamp.ts";

const HEADER = "#!/usr/bin/env -S deno run --allow-all --no-config --no-lock --quiet\n";

/**
 * @throws {Error} the bundler fails, or the file would load a module that no kubectl command may
 * wait for
 */
export async function bundle(output: string, info: BuildInfo): Promise<void> {
  // One after the other: the first bundler on a machine installs itself, and a second would get in
  // its way.
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
 * The same program as modules in a folder, `kuberlr.js` first, for executables: they have no code
 * cache, so V8 parses at every start all that is loaded, 15 ms for a single file.
 *
 * @returns the paths of the modules
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
 * The files under names that depend on nothing but what they hold: the bundler's are hashes of
 * paths. They are in the order in which they are named, beginning with the entry.
 */
export function nameByOrder(
  files: Readonly<Record<string, string>>,
  entry: string,
): Readonly<Record<string, string>> {
  const names = new Map([[entry, entry]]);
  // A map goes on to what is added on the way.
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

/** `chunk-2RI5ADJ2.js` */
const HASHED = /\b(\w+)-[A-Z0-9]{8}\.js\b/g;

/** The texts with hash and stamp in them, and without a trace of this machine. */
async function finish(texts: readonly string[], info: BuildInfo): Promise<readonly string[]> {
  const clean = texts.map((text) => escapeNonAscii(withoutMachinePaths(text)));
  return JSON.parse(stampText(await identify(JSON.stringify(clean)), info));
}

/**
 * The text with its own hash in it, by which a memo of another build is recognized
 * (lib/memory/memo.ts).
 */
export async function identify(text: string): Promise<string> {
  const placeholder = /kuberlr-build\|\d+/g;
  const found = text.match(placeholder)?.length ?? 0;
  if (found !== 1) throw new Error(`Cannot identify: the text holds ${found} places for its hash`);
  return text.replace(placeholder, (await sha256(text)).slice(0, 16));
}

/** The modules that are loaded before the first statement of a file runs. */
export async function findStaticImports(path: string): Promise<readonly string[]> {
  // Windows' paths begin like a URL: "c:".
  const name = /^[A-Za-z]:/.test(path) ? new URL(`file:///${path}`).href : path;
  const { modules } = JSON.parse(await runDeno(["info", "--json", "--no-config", name]));
  const own: Module | undefined = modules.find(({ dependencies }: Module) => dependencies);
  return (own?.dependencies ?? []).filter(({ isDynamic }) => isDynamic !== true)
    .map(({ specifier }) => specifier);
}

interface Module {
  readonly dependencies?: readonly { readonly specifier: string; readonly isDynamic?: boolean }[];
}

/**
 * JavaScript with escapes instead of characters that are not ASCII, in comments, too: one such
 * character makes V8 keep the whole text with two bytes a character, which takes 1 ms at every
 * start.
 *
 * @throws {Error} a backslash stands before such a character, and would escape the escape
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
 * Sigstore's library is CommonJS. Beside it the bundler would import Node's modules, which takes 10
 * ms, before the first statement. So it is bundled on its own, and is a function of the file.
 */
const LIBRARY = "lib/signature/steps/verify_signature.ts";

const LIBRARY_FILE = "verify_signature.js";

/** `import("…/verify_signature.ts")` becomes `loading`. */
function linkLibrary(code: string, loading: string): string {
  return code.replaceAll(/\bimport\("[^"]*[\\/]verify_signature\.ts"\)/g, loading);
}

/**
 * The text of a module as an asynchronous function that evaluates it and returns its exports.
 * `require` is asked for Node's modules alone, so that any path will do for it, in an executable
 * and from a URL, too.
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
  await Deno.mkdir(`${root}/dist`, { recursive: true });
  const info = await readStamp(root, ARCHIVE, Deno.env.toObject());
  await bundle(Deno.args[0] ?? `${root}/dist/kuberlr.js`, info);
}
