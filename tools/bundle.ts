/**
 * `deno task bundle`: the whole program as one file, dist/kuberlr.js, to be run from a disk or a URL.
 *
 * V8 looks at every character of a file before its first statement runs, some 6 ms for all of kuberlr. So what
 * `main.ts` needs to follow a memo is the file's code, and `lib/main/` is a compressed comment in it, which is passed
 * over in next to no time and becomes code when it is reached. It is one comment, since even that is 3 µs a kilobyte.
 *
 * What remains is compiled function by function as they are called, unless Deno has it in its code cache. That is
 * filled before the first statement runs, and so with what is compiled by then: the functions in parentheses.
 *
 * @module
 */
import { parse } from "acorn";
import type { BuildInfo } from "../lib/build_info.ts";
import { withoutMachinePaths } from "./portable.ts";
import { ARCHIVE, readStamp, stampText } from "./stamp.ts";

const HEADER = "#!/usr/bin/env -S deno run --allow-all --no-config --no-lock --quiet\n";

/** @throws {Error} it cannot be bundled, or would load what no kubectl command may wait for */
export async function bundle(output: string, info: BuildInfo): Promise<void> {
  const [shortWay, longWays] = await Promise.all([
    runBundler("main.ts", ["--external=./lib/main/*"]),
    runBundler("tools/long_ways.ts"),
  ]);
  const script = toScript(stampText(withoutMachinePaths(longWays), info));
  const linked = compiledAtOnce(linkLongWays(shortWay));
  const code = withoutMachinePaths(linked) + LOADER + await asComment(script);
  const [imported] = findStaticImports(code);
  if (imported !== undefined) {
    throw new Error(`Cannot bundle: "${imported}" would be loaded by every command`);
  }
  await Deno.writeTextFile(output, HEADER + code);
  await Deno.chmod(output, 0o755);
}

/** Modules that are loaded before the first statement runs. */
export function findStaticImports(code: string): readonly string[] {
  const imports = /^\s*(?:import|export)\b[^("'`;]*["']([^"']+)["']/gm;
  return Array.from(code.matchAll(imports), ([, name = ""]) => name);
}

/** In place of `import("./lib/main/….ts")`. */
function linkLongWays(code: string): string {
  if (!code.includes("/lib/main/")) throw new Error("Cannot bundle: there is no long way");
  const linked = code.replaceAll(/\bimport\("[^"]*\/lib\/main\/\w+\.ts"\)/g, "loadLongWays()");
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

/**
 * Deno transpiles a file without an extension, such as a link named kubectl, and comments get lost on the way. They are
 * still in the file.
 */
const LOADER = String.raw`
async function loadLongWays() {
  const find = (source) => source.match(/longWays\(\) \{\/\/(\S+)/);
  const [, base64] = find(longWays.toString()) ?? find(await Deno.readTextFile(new URL(import.meta.url)));
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  writer.write(Uint8Array.fromBase64(base64));
  writer.close();
  const decoder = new TextDecoder();
  let script = "";
  for await (const bytes of readable) script += decoder.decode(bytes, { stream: true });
  return await (0, eval)(script);
}
`;

/** A function declaration: it is there before the first statement, and never called. */
async function asComment(script: string): Promise<string> {
  return `function longWays() {//${await deflate(script)}\n}\n`;
}

/** What `eval` takes: the module's exports become the value of a promise. */
function toScript(module: string): string {
  const at = module.lastIndexOf("export{");
  const [exports = "", names = ""] = /^export\{([^}]*)\};?/.exec(module.slice(at)) ?? [];
  if (exports === "" || /\bimport\.meta\b/.test(module) || findStaticImports(module).length > 0) {
    throw new Error("Cannot bundle: the long ways do not stand alone");
  }
  const values = names.split(",").map((name) => name.split(" as ").reverse().join(":"));
  const legal = module.slice(at + exports.length);
  return `(async()=>{"use strict";${module.slice(0, at)}return{${values}}})()${legal}`;
}

async function deflate(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return (await new Response(stream).bytes()).toBase64();
}

async function runBundler(entry: string, options: readonly string[] = []): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", ...options, entry],
    cwd: new URL("..", import.meta.url),
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot bundle "${entry}": ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  await Deno.mkdir(`${root}/dist`, { recursive: true });
  const info = await readStamp(root, ARCHIVE, Deno.env.toObject());
  await bundle(Deno.args[0] ?? `${root}/dist/kuberlr.js`, info);
}
