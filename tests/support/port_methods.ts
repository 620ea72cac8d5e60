/**
 * What each way to the disk does, for the tests that list every reading and every write of lib/. A
 * new method of a port does not compile before it is sorted here; a new function of Deno fails a
 * test.
 *
 * @module
 */
import type { Files } from "../../lib/ports/files.ts";
import type { Store, Temporary } from "../../lib/ports/store.ts";

/** `reads` contents, `writes` what is on the disk: makes, changes, renames, removes. */
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
  sweepTemporaries: "writes",
  volumeOf: "neither",
  // Temporary: but for its final name, they touch only what createTemporary has made.
  path: "neither",
  append: "neither",
  readAll: "neither",
  restart: "neither",
  finish: "neither",
  publish: "writes",
  discard: "neither",
};

/** The functions of Deno that lib/ uses. `openSync` does either, by its options. */
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
  writeTextFileSync: "writes",
};

/** Of an open file: opening it is a call of its own, and emptying it is worth one. */
const OF_OPEN_FILES = { reads: [], writes: ["truncateSync", "truncate"] } as const;

/** Each mention in a source text of what reads or writes, by its name. */
export function mentionsOf(effect: "reads" | "writes", text: string): readonly string[] {
  const methods = Object.entries(METHODS).filter(([, each]) => each === effect)
    .map(([name]) => name).concat(OF_OPEN_FILES[effect]);
  // Called or passed on.
  const calls = new RegExp(`\\.(${methods.join("|")})\\b`, "g");
  const found = Array.from(withoutComments(text).matchAll(calls), ([, name = ""]) => name);
  const ofDeno = functionsIn(text).filter((name) =>
    [effect, "either"].includes(FUNCTIONS[name] ?? "")
  );
  return [...found, ...ofDeno];
}

/** The functions of Deno, and the modules of Node's file system, that nobody has sorted. */
export function unsortedIn(text: string): readonly string[] {
  return [
    ...functionsIn(text).filter((name) => !(name in FUNCTIONS)),
    ...withoutComments(text).match(/"(?:node:)?fs(?:\/promises)?"/g) ?? [],
  ];
}

/** Not its classes, whose names are capitalized. */
function functionsIn(text: string): readonly string[] {
  return Array.from(withoutComments(text).matchAll(/\bDeno\.([a-z]\w*)/g), ([, name = ""]) => name)
    .filter((name) => typeof Reflect.get(Deno, name) === "function");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
