/**
 * `deno task bundle`: the whole program as one file, dist/kuberlr.js, to be run from a disk or a URL.
 *
 * V8 looks at every character of a file before its first statement runs, some 6 ms for all of kuberlr. So what
 * `main.ts` needs to follow a memo is the file's code, and `lib/main/` is a comment in it, which is passed over in next to
 * no time. It is one comment, since even that is 3 µs a kilobyte, of two compressed words: what a command needs that asks
 * a server, and the rest. Either holds chunks, which become code when they are reached.
 *
 * What remains is compiled function by function as they are called, unless Deno has it in its code cache. That is
 * filled before the first statement runs, and so with what is compiled by then: the functions in parentheses.
 *
 * @module
 */
import { parse } from "acorn";
import type { BuildInfo } from "../lib/build_info.ts";
import { type Chunk, closureOf, type Files, nameByOrder, toChunks } from "./chunks.ts";
import { sha256 } from "./digest.ts";
import { withoutMachinePaths } from "./portable.ts";
import { ARCHIVE, readStamp, stampText } from "./stamp.ts";

const HEADER = "#!/usr/bin/env -S deno run --allow-all --no-config --no-lock --quiet\n";

/** Beside the wrapper itself, what a command needs that asks a server: what it reads, and how it asks. */
const USUAL = /^(?:wrapper_mode|kubeconfig_text|query_api_server|api_client)\b/;

/** @throws {Error} it cannot be bundled, or would load what no kubectl command may wait for */
export async function bundle(output: string, info: BuildInfo): Promise<void> {
  // One after the other: the first bundler on a machine installs itself, and a second would get in its way.
  const shortWay = await bundleShortWay();
  const longWays = { ...await bundleLongWays(), [LIBRARY.chunk]: await bundleLibrary() };
  const texts = JSON.stringify([shortWay, ...splitByUse(toChunks(longWays))]);
  const stamped = stampText(await identify(withoutMachinePaths(texts)), info);
  const [main, ...words]: [string, ...Files[]] = JSON.parse(stamped);
  const comment = asComment(await Promise.all(words.map(deflate)));
  const code = LOADER + compiledAtOnce(linkLongWays(main)) + comment;
  const [imported] = findStaticImports(code);
  if (imported !== undefined) {
    throw new Error(`Cannot bundle: "${imported}" would be loaded by every command`);
  }
  await Deno.writeTextFile(output, HEADER + code);
  await Deno.chmod(output, 0o755);
}

/** The text with its own hash in it, by which a memo is known to be another build's (lib/memory/memo.ts): on both ways. */
export async function identify(text: string): Promise<string> {
  const placeholder = /kuberlr-build\|\d+/g;
  const found = text.match(placeholder)?.length ?? 0;
  if (found !== 2) throw new Error(`Cannot identify: the text holds ${found} places for its hash`);
  return text.replace(placeholder, (await sha256(text)).slice(0, 16));
}

/** Modules that are loaded before the first statement runs. */
export function findStaticImports(code: string): readonly string[] {
  const imports = /^\s*(?:import|export)\b[^("'`;]*["']([^"']+)["']/gm;
  return Array.from(code.matchAll(imports), ([, name = ""]) => name);
}

/** In place of `import("./lib/main/….ts")`. */
function linkLongWays(code: string): string {
  if (!code.includes("/lib/main/")) throw new Error("Cannot bundle: there is no long way");
  const linked = code.replaceAll(/\bimport\("[^"]*\/lib\/main\/(\w+)\.ts"\)/g, 'load("$1.js")');
  if (/\bimport\(/.test(linked)) throw new Error("Cannot bundle: the short way imports something");
  return linked;
}

/** With every function of the outermost level as a variable, first of all, whose value is a function in parentheses. */
export function compiledAtOnce(code: string): string {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  let functions = "";
  let rest = "";
  let end = 0;
  for (const statement of body) {
    if (statement.type !== "FunctionDeclaration") continue;
    const { start, id } = statement;
    functions += `var ${id.name}=(${code.slice(start, statement.end)});`;
    rest += code.slice(end, start);
    end = statement.end;
  }
  return functions + rest + code.slice(end);
}

/** Texts of chunks by their names: those of the usual way, and all others. */
function splitByUse(chunks: ReadonlyMap<string, Chunk>): readonly [usual: Files, others: Files] {
  const names = [...chunks.keys()];
  const usual = closureOf(names.filter((name) => USUAL.test(name)), chunks);
  const textsOf = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, chunks.get(name)!.text]));
  return [
    textsOf(names.filter((name) => usual.has(name))),
    textsOf(names.filter((name) => !usual.has(name))),
  ];
}

/**
 * Deno transpiles a file without an extension, such as a link named kubectl, and comments get lost on the way. They are
 * still in the file.
 */
const LOADER = String.raw`
const chunks = {}, words = [];
let comment;
function load(name) {
  return chunks[name] ??= find(name).then((text) => (0, eval)(text)(load));
}
async function find(name) {
  return (await (words[0] ??= read(0)))[name] ?? (await (words[1] ??= read(1)))[name];
}
async function readComment() {
  const find = (source) => source.match(/longWays\(\) \{\/\/(\S+) (\S+)/);
  return find(longWays.toString()) ?? find(await Deno.readTextFile(new URL(import.meta.url)));
}
async function read(index) {
  // Once: the file may be replaced by the next release, and its words belong together.
  const found = await (comment ??= readComment());
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  writer.write(Uint8Array.fromBase64(found[index + 1]));
  writer.close();
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of readable) text += decoder.decode(bytes, { stream: true });
  return JSON.parse(text);
}
`;

/** A function declaration: it is there before the first statement, and never called. */
function asComment(words: readonly string[]): string {
  return `function longWays() {//${words.join(" ")}\n}\n`;
}

async function deflate(texts: Files): Promise<string> {
  const stream = new Blob([JSON.stringify(texts)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return (await new Response(stream).bytes()).toBase64();
}

function bundleShortWay(): Promise<string> {
  return runBundler(["--external=./lib/main/*", "main.ts"]);
}

/**
 * Sigstore's library is CommonJS. The bundler gives whatever is split together with it `require`, and so node's modules,
 * before its first statement: it is bundled on its own.
 */
const LIBRARY = {
  path: "lib/signature/steps/verify_signature.ts",
  chunk: "verify_signature.js",
} as const;

const LONG_WAYS = ["lib/main/wrapper_mode.ts", "lib/main/management.ts"];

/** The files that they are split into. */
async function bundleLongWays(): Promise<Files> {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-bundle-" });
  try {
    const external = `--external=./${LIBRARY.path}`;
    await runBundler(["--code-splitting", external, "--outdir", folder, ...LONG_WAYS]);
    const files = Array.from(Deno.readDirSync(folder), ({ name }) => {
      return [name, linkLibrary(Deno.readTextFileSync(`${folder}/${name}`))] as const;
    });
    const entries = LONG_WAYS.map((path) => path.replace(/^.*\/(\w+)\.ts$/, "$1.js"));
    return nameByOrder(Object.fromEntries(files), entries);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function linkLibrary(code: string): string {
  return code.replaceAll(
    /\bimport\("[^"]*\/verify_signature\.ts"\)/g,
    `import("./${LIBRARY.chunk}")`,
  );
}

/**
 * With Node's modules imported when the chunk is evaluated. `require` is asked for them alone, so that any path will do
 * for it, in an executable and from a URL, too.
 */
async function bundleLibrary(): Promise<string> {
  const code = await runBundler([LIBRARY.path]);
  return code.replaceAll("import.meta.url", "Deno.execPath()").replaceAll(
    /\bimport\s*(?:\{(\w+)(?: as (\w+))?\}|(\w+))\s*from\s*("node:\w+");/g,
    (_, name, alias, whole, from) =>
      `const{${name ?? "default"}:${alias ?? name ?? whole}}=await import(${from});`,
  );
}

async function runBundler(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", ...args],
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
