/**
 * States what each function for the disk does, for the tests that list every reading and every
 * write of lib/. A new method of a port does not compile until it is sorted here; a new function of
 * Deno fails a test.
 *
 * @module
 */
import type { Files } from "../../lib/ports/files.ts";
import type { Store, Temporary } from "../../lib/ports/store.ts";

/** `reads` reads contents; `writes` makes, changes, renames or removes something on the disk. */
type Effect = "reads" | "writes" | "neither";

const METHODS: Readonly<Record<keyof Files | keyof Store | keyof Temporary, Effect>> = {
  // Files
  readBytes: "reads",
  readText: "reads",
  stat: "neither",
  lstat: "neither",
  realPath: "neither",
  list: "neither",
  isExecutable: "neither",
  writeAtomically: "writes",
  makeDirectory: "writes",
  linkAtomically: "writes",
  hardLinkAtomically: "writes",
  remove: "writes",
  userId: "neither",
  // Store
  createHash: "neither",
  hashFile: "reads",
  tryLock: "writes",
  createTemporary: "writes",
  canWrite: "writes",
  tryWriting: "writes",
  sweepTemporaries: "writes",
  volumeOf: "neither",
  // Except for the final name, these touch only what createTemporary has made.
  path: "neither",
  append: "neither",
  readAll: "neither",
  restart: "neither",
  finish: "neither",
  publish: "writes",
  discard: "neither",
};

/** The functions of Deno that lib/ uses. `openSync` reads or writes, depending on its options. */
const FUNCTIONS: Readonly<Record<string, Effect | "either">> = {
  addSignalListener: "neither",
  chmodSync: "writes",
  connect: "neither",
  connectTls: "neither",
  consoleSize: "neither",
  createHttpClient: "neither",
  cwd: "neither",
  dlopen: "neither",
  execPath: "neither",
  exit: "neither",
  gid: "neither",
  kill: "neither",
  linkSync: "writes",
  listen: "neither",
  lstatSync: "neither",
  makeTempFileSync: "writes",
  mkdirSync: "writes",
  openSync: "either",
  readDirSync: "neither",
  readFileSync: "reads",
  readLinkSync: "neither",
  readTextFileSync: "reads",
  realPathSync: "neither",
  removeSignalListener: "neither",
  removeSync: "writes",
  renameSync: "writes",
  startTls: "neither",
  statSync: "neither",
  symlinkSync: "writes",
  uid: "neither",
  umask: "neither",
  writeTextFileSync: "writes",
};

/** The functions of Node's file system that lib/ uses. */
const FUNCTIONS_OF_NODE: Readonly<Record<string, Effect | "either">> = {
  closeSync: "neither",
  fchmodSync: "writes",
  fstatSync: "neither",
  openSync: "either",
};

/**
 * The methods of an open file. Opening it is a call of its own; truncating it counts as a write.
 */
const OF_OPEN_FILES = { reads: [], writes: ["truncateSync", "truncate"] } as const;

/** Finds each mention, in a source text, of a function that reads or writes, by its name. */
export function mentionsOf(effect: "reads" | "writes", text: string): readonly string[] {
  const methods = Object.entries(METHODS).filter(([, each]) => each === effect)
    .map(([name]) => name).concat(OF_OPEN_FILES[effect]);
  // The function is called or passed on.
  const calls = new RegExp(`\\.(${methods.join("|")})\\b`, "g");
  const found = Array.from(withoutComments(text).matchAll(calls), ([, name = ""]) => name);
  const ofDeno = functionsIn(text).filter((name) =>
    [effect, "either"].includes(FUNCTIONS[name] ?? "")
  );
  const ofNode = functionsOfNodeIn(text).filter((name) =>
    [effect, "either"].includes(FUNCTIONS_OF_NODE[name] ?? "")
  );
  return [...found, ...ofDeno, ...ofNode];
}

/**
 * Finds functions of Deno, and of Node's file system, that are not sorted yet. Node's is found if
 * it is imported as `fs`; another way to import it is not sorted.
 */
export function unsortedIn(text: string): readonly string[] {
  return [
    ...functionsIn(text).filter((name) => !(name in FUNCTIONS)),
    ...functionsOfNodeIn(text).filter((name) => !(name in FUNCTIONS_OF_NODE)),
    ...withoutComments(text).replaceAll('const fs = await import("node:fs");', "")
      .match(/"(?:node:)?fs(?:\/promises)?"/g) ?? [],
  ];
}

/** Leaves out classes, whose names are capitalized. */
function functionsIn(text: string): readonly string[] {
  return Array.from(withoutComments(text).matchAll(/\bDeno\.([a-z]\w*)/g), ([, name = ""]) => name)
    .filter((name) => typeof Reflect.get(Deno, name) === "function");
}

/** Leaves out `fs.constants`. */
function functionsOfNodeIn(text: string): readonly string[] {
  return Array.from(withoutComments(text).matchAll(/\bfs\.(\w+)/g), ([, name = ""]) => name)
    .filter((name) => name !== "constants");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
