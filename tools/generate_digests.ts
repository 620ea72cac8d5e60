/**
 * Adds the digests of all releases that lib/mirror/pinned_digests.ts does not have, from upstream.
 * An entry of the table is never changed: if upstream has another digest for it, this fails.
 *
 * ```sh
 * deno run --allow-net --allow-read --allow-write tools/generate_digests.ts
 * deno run --allow-net --allow-read tools/generate_digests.ts --check
 * deno run --allow-run=git --allow-read tools/generate_digests.ts --only-added
 * ```
 *
 * `--check` writes nothing, and fails if the newest patch of a minor is missing. `--only-added`
 * fails if a digest of the last release was changed or removed. The workflows run both.
 *
 * @module
 */
import { parseChecksum, parseMarker } from "../lib/mirror/checksum.ts";

const ROOT = new URL("..", import.meta.url);
const TABLE = "lib/mirror/pinned_digests.ts";
const UPSTREAM = "https://dl.k8s.io";
export const PLATFORMS: readonly string[] = [
  "darwin/amd64",
  "darwin/arm64",
  "linux/amd64",
  "linux/arm64",
  "windows/amd64",
  "windows/arm64",
];
/** Older minors have no new releases; 1.23 is the first minor with files for windows/arm64. */
const OLDEST_MINOR = 23;
const ATTEMPTS = 4;
const PAUSE_MS = 2_000;

/** The digests by `1.30.2 linux/amd64`. */
export type Digests = ReadonlyMap<string, string>;

/** Returns the text of a file; `undefined` if it does not exist. Throws for any other answer. */
export type FetchText = (path: string) => Promise<string | undefined>;

/**
 * Reads the table in the module's text.
 *
 * @throws {Error} a line is malformed, or a release is there twice
 */
export function parseTable(text: string): Digests {
  const [, table = ""] = /`\n([^`]*)`/.exec(text) ?? [];
  const digests = new Map<string, string>();
  for (const line of table.split("\n").filter((line) => line !== "")) {
    const [, key, digest] = /^(\d+\.\d+\.\d+ [a-z]+\/[a-z\d]+) ([\da-f]{64})$/.exec(line) ?? [];
    if (key === undefined || digest === undefined) throw new Error(`Cannot read "${line}"`);
    if (digests.has(key)) throw new Error(`"${key}" is there twice`);
    digests.set(key, digest);
  }
  return digests;
}

/**
 * Returns the module's text with more entries, sorted.
 *
 * @throws {Error} one of them is there already
 */
export function addToTable(text: string, added: Digests): string {
  const known = parseTable(text);
  for (const key of added.keys()) {
    if (known.has(key)) throw new Error(`"${key}" is pinned already`);
  }
  const lines = [...known, ...added].toSorted(([a], [b]) => compareKeys(a, b))
    .map(([key, digest]) => `${key} ${digest}\n`);
  return text.replace(/`\n[^`]*`/, () => `\`\n${lines.join("")}\``);
}

/** Returns the entries of the older table that the newer one has changed or removed. */
export function findRewritten(older: Digests, newer: Digests): readonly string[] {
  return [...older].filter(([key, digest]) => newer.get(key) !== digest).map(([key]) => key);
}

export interface Comparison {
  /** The tag; `undefined` before the first release. */
  readonly comparedWith: string | undefined;
  /** The result of {@linkcode findRewritten}. */
  readonly rewritten: readonly string[];
}

/**
 * Compares the table of a checkout with that of the last tag before its commit. The commit itself
 * may have the tag of the next release.
 *
 * @throws {Error} the history of the repository is missing
 */
export async function compareWithLastRelease(root: string | URL): Promise<Comparison> {
  if (await git(root, ["rev-parse", "--is-shallow-repository"]) !== "false\n") {
    throw new Error("The history is missing: fetch it, tags included");
  }
  const tags = await git(root, ["tag", "--merged", "HEAD^", "--list", "v*"]) ?? "";
  if (tags === "") return { comparedWith: undefined, rewritten: [] };
  const found = await git(root, ["describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^"]);
  const tag = (found ?? "").trim();
  const older = await git(root, ["show", `${tag}:${TABLE}`]) ?? "";
  const newer = await Deno.readTextFile(fileIn(root));
  return { comparedWith: tag, rewritten: findRewritten(parseTable(older), parseTable(newer)) };
}

/** Returns what git prints; `undefined` if it fails. */
async function git(cwd: string | URL, args: readonly string[]): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("git", {
    args: [...args],
    cwd,
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

function fileIn(root: string | URL): string | URL {
  return typeof root === "string" ? `${root}/${TABLE}` : new URL(TABLE, root);
}

/**
 * Returns the digests that upstream has and the table lacks.
 *
 * @throws {Error} upstream has another digest than the table
 */
export async function findNewDigests(known: Digests, fetchText: FetchText): Promise<Digests> {
  const found = new Map<string, string>();
  for (const { minor, patch } of await listNewest(fetchText)) {
    for (let each = 0; each <= patch; each++) {
      await addRelease(`1.${minor}.${each}`, { known, found }, fetchText);
    }
  }
  return found;
}

/**
 * Returns the entries of the newest patch releases that the table lacks.
 *
 * @throws {Error} upstream has another digest than the table
 */
export async function findOutdated(
  known: Digests,
  fetchText: FetchText,
): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const { minor, patch } of await listNewest(fetchText)) {
    await addRelease(`1.${minor}.${patch}`, { known, found }, fetchText);
  }
  return [...found.keys()];
}

interface Newest {
  readonly minor: number;
  readonly patch: number;
}

/**
 * Returns the newest patch of each minor.
 *
 * @throws {Error} there is no minor, or a marker does not name a release
 */
async function listNewest(fetchText: FetchText): Promise<readonly Newest[]> {
  const newest: Newest[] = [];
  for (let minor = OLDEST_MINOR;; minor++) {
    const path = `/release/stable-1.${minor}.txt`;
    const text = await fetchText(path);
    if (text === undefined && newest.length > 0) return newest;
    const version = parseMarker(text ?? "", { major: 1, minor });
    if (version === undefined) throw new Error(`"${path}" does not name a release`);
    newest.push({ minor, patch: version.patch });
  }
}

/**
 * Adds the digests of a release to `found`. Platforms without a file are skipped.
 *
 * @throws {Error} upstream has another digest than the one that is pinned
 */
async function addRelease(
  version: string,
  { known, found }: { readonly known: Digests; readonly found: Map<string, string> },
  fetchText: FetchText,
): Promise<void> {
  for (const platform of PLATFORMS) {
    const key = `${version} ${platform}`;
    const suffix = platform.startsWith("windows") ? ".exe" : "";
    const path = `/release/v${version}/bin/${platform}/kubectl${suffix}.sha256`;
    const text = await fetchText(path);
    if (text === undefined) continue;
    const digest = parseChecksum(text, "sha256");
    if (digest === undefined) throw new Error(`"${path}" holds no checksum`);
    const pinned = known.get(key);
    if (pinned === undefined) found.set(key, digest);
    else if (pinned !== digest) {
      throw new Error(`"${path}" holds ${digest}, and ${pinned} is pinned`);
    }
  }
}

function compareKeys(a: string, b: string): number {
  const [versionA = "", platformA = ""] = a.split(" ");
  const [versionB = "", platformB = ""] = b.split(" ");
  const numbersB = versionB.split(".");
  for (const [index, number] of versionA.split(".").entries()) {
    const difference = Number(number) - Number(numbersB[index]);
    if (difference !== 0) return difference;
  }
  return platformA < platformB ? -1 : platformA > platformB ? 1 : 0;
}

async function fetchUpstream(path: string): Promise<string | undefined> {
  for (let attempt = 1;; attempt++) {
    try {
      const response = await fetch(UPSTREAM + path, { signal: AbortSignal.timeout(30_000) });
      const text = await response.text();
      if (response.status === 200) return text;
      if (response.status === 404) return undefined;
      throw new Error(`"${path}" answered ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function print(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** @throws {Error} a digest would be changed or removed, which is a bug of this file */
async function addDigests(path: URL): Promise<void> {
  const text = await Deno.readTextFile(path);
  const known = parseTable(text);
  const added = await findNewDigests(known, fetchUpstream);
  const completed = addToTable(text, added);
  const [rewritten] = findRewritten(known, parseTable(completed));
  if (rewritten !== undefined) throw new Error(`"${rewritten}" would be rewritten`);
  await Deno.writeTextFile(path, completed);
  print(`${added.size} digests added`);
}

async function checkAge(path: URL): Promise<void> {
  const outdated = await findOutdated(parseTable(await Deno.readTextFile(path)), fetchUpstream);
  for (const key of outdated) print(`Not pinned: ${key}`);
  if (outdated.length === 0) return;
  print("Run tools/generate_digests.ts, and commit what it adds");
  Deno.exit(1);
}

async function checkOnlyAdded(): Promise<void> {
  const { comparedWith, rewritten } = await compareWithLastRelease(ROOT);
  for (const key of rewritten) print(`Not as in ${comparedWith}: ${key}`);
  if (rewritten.length === 0) return print(`Compared with ${comparedWith ?? "no release"}`);
  print("A digest that was released is never changed or removed");
  Deno.exit(1);
}

if (import.meta.main) {
  const table = new URL(TABLE, ROOT);
  if (Deno.args.includes("--check")) await checkAge(table);
  else if (Deno.args.includes("--only-added")) await checkOnlyAdded();
  else await addDigests(table);
}
