/**
 * What the bundler has split stays apart: each of its files becomes a text that `eval` takes, `(async function (load) {…})`,
 * which awaits its imports from `load` and returns its exports. The parentheses make V8 compile it at once, and not look at
 * every character twice.
 *
 * Exports are values, not bindings: one that is assigned to after its module was evaluated stays as it was for others.
 *
 * @module
 */
import { type ModuleDeclaration, parse } from "acorn";

/** Texts by names. */
export type Files = Readonly<Record<string, string>>;

export interface Chunk {
  /** What `eval` makes a function of. */
  readonly text: string;
  /** The names of the chunks that are evaluated before it. */
  readonly imports: readonly string[];
}

/**
 * The files under names that depend on nothing but what they hold: the bundler's are hashes of paths. They are in the
 * order in which they are named, beginning with the entries.
 */
export function nameByOrder(files: Files, entries: readonly string[]): Files {
  const names = new Map(entries.map((entry) => [entry, entry]));
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

/** By the names of the files. @throws {Error} one has what cannot be said in such a text, or imports itself in a circle */
export function toChunks(files: Files): ReadonlyMap<string, Chunk> {
  const chunks = new Map(
    Object.entries(files).map(([name, code]) => [name, toChunk(name, code)]),
  );
  for (const [name, { imports }] of chunks) {
    if (closureOf(imports, chunks).has(name)) throw refusal(name, "it imports itself");
  }
  return chunks;
}

/** The names of all chunks that are evaluated when these are loaded. */
export function closureOf(
  names: readonly string[],
  chunks: ReadonlyMap<string, Chunk>,
): ReadonlySet<string> {
  const closure = new Set(names);
  // A set goes on to what is added on the way.
  for (const name of closure) chunks.get(name)?.imports.forEach((other) => closure.add(other));
  return closure;
}

function toChunk(name: string, code: string): Chunk {
  if (/\bimport\.meta\b/.test(code)) throw refusal(name, "it asks where it is");
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const imports: string[] = [];
  const patterns: string[] = [];
  const exported: string[] = [];
  let rest = "";
  let end = 0;
  for (const statement of body) {
    switch (statement.type) {
      case "ImportDeclaration": {
        const source = `${statement.source.value}`;
        if (!source.startsWith("./")) throw refusal(name, `it imports "${source}" at once`);
        imports.push(source.slice(2));
        patterns.push(patternOf(name, statement));
        break;
      }
      case "ExportNamedDeclaration":
        exported.push(...exportsOf(name, statement));
        break;
      case "ExportDefaultDeclaration":
      case "ExportAllDeclaration":
        throw refusal(name, `it has an ${statement.type}`);
      default:
        continue;
    }
    rest += code.slice(end, statement.start);
    end = statement.end;
  }
  rest += code.slice(end);
  const loads = imports.map((file) => `load(${JSON.stringify(file)})`);
  const head = imports.length === 0 ? "" : `const[${patterns}]=await Promise.all([${loads}]);`;
  const text = rest.replaceAll(/\bimport\("\.\/([^"]+)"\)/g, 'load("$1")');
  const exports = `return{${exported}}`;
  return { text: `(async function(load){"use strict";${head}${text};${exports}})`, imports };
}

function patternOf(
  name: string,
  { specifiers }: Extract<ModuleDeclaration, { type: "ImportDeclaration" }>,
): string {
  const properties = specifiers.map((specifier) => {
    if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") {
      throw refusal(name, `it has an ${specifier.type}`);
    }
    return `${specifier.imported.name}:${specifier.local.name}`;
  });
  return `{${properties}}`;
}

function exportsOf(
  name: string,
  { specifiers, source, declaration }: Extract<
    ModuleDeclaration,
    { type: "ExportNamedDeclaration" }
  >,
): readonly string[] {
  if (source || declaration) throw refusal(name, "it exports as it declares or imports");
  return specifiers.map(({ local, exported }) => {
    if (local.type !== "Identifier" || exported.type !== "Identifier") {
      throw refusal(name, "it exports under a name in quotes");
    }
    return `${exported.name}:${local.name}`;
  });
}

function refusal(name: string, why: string): Error {
  return new Error(`Cannot split "${name}": ${why}`);
}
