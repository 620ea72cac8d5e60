/**
 * `deno task test`: runs every test, in as many processes at the same time as there are cores
 * (`DENO_JOBS` sets another number). Arguments go to `deno test`; without a path, all of `tests/`
 * runs.
 *
 * It uses processes, not the threads of `deno test --parallel`: tests change variables and the
 * working directory, which threads share. There are more shards than processes, so that none is
 * idle while another has many left. A shard's output is printed when the shard has ended. Each
 * shard has its own TMPDIR, which must be empty in the end.
 *
 * @module
 */

import { temporaryFolders, temporaryPlaceName } from "../../lib/files/layout.ts";
import { missingMounts, mount, unmount } from "./mounts.ts";

const ROOT = new URL("../..", import.meta.url);
const PRELOAD = import.meta.resolve("./preload.ts");
const SHARDS_PER_JOB = 8;

/**
 * More than the limit of one test, which `preload.ts` sets: some code even that cannot interrupt.
 */
const SILENCE_MS = 115_000;

/** The flags of every run of the tests. */
export const TEST_FLAGS: readonly string[] = [
  "test",
  "--allow-all",
  "--no-check",
  "--sanitize-ops",
  "--sanitize-resources",
  `--preload=${PRELOAD}`,
];

interface Counts {
  passed: number;
  failed: number;
  ignored: number;
}

/**
 * Runs the tests of these paths, with these variables added to the environment. Returns the exit
 * status.
 */
export async function runSuite(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const startedMs = performance.now();
  const before = sharedPlaces();
  if (before.length > 0) {
    print(`Tests would use the kubectls in ${before.join(" and ")}: remove that first\n`);
    return 1;
  }
  // One more than the cores, because the tests wait half of their time.
  const jobs = Number(Deno.env.get("DENO_JOBS")) || navigator.hardwareConcurrency + 1;
  const shards = jobs === 1 ? 1 : jobs * SHARDS_PER_JOB;
  const waiting = Array.from({ length: shards }, (_, index) => `--shard=${index + 1}/${shards}`);
  const counts: Counts = { passed: 0, failed: 0, ignored: 0 };
  let failures = "";
  async function work(): Promise<void> {
    for (let shard = waiting.shift(); shard !== undefined; shard = waiting.shift()) {
      const folder = makeTemporaryFolder();
      const { text, success } = await runShard([...TEST_FLAGS, shard, ...args], {
        ...env,
        ...(folder !== undefined && { TMPDIR: folder }),
      });
      // With few files, some shards are empty.
      if (!success || text.includes("running ")) print(text);
      addCounts(counts, text);
      if (!success) failures += text.slice(Math.max(0, text.search(/^\S* (?:ERRORS|FAILURES) /m)));
      const left = folder === undefined ? [] : removeTemporaryFolder(folder);
      if (left.length > 0) {
        failures += `Tests of ${shard.slice(2)} left in TMPDIR: ${left.join(", ")}\n`;
      }
    }
  }
  await Promise.all(Array.from({ length: jobs }, work));
  const left = sharedPlaces();
  if (left.length > 0) failures += `A test wrote to ${left.join(" and ")}\n`;
  if (failures !== "") print(`\nWhat failed:\n\n${failures}`);
  const { passed, failed, ignored } = counts;
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  print(`\nEvery shard has ended, after ${seconds} s:\n`);
  print(`${passed} passed, ${failed} failed, ${ignored} skipped\n`);
  // A run without a test proves nothing.
  return failures === "" && passed > 0 ? 0 : 1;
}

/**
 * Makes the TMPDIR of a shard. Other users can enter it, because some tests run as one. It is a
 * tmpfs where one can be mounted: the tests remove so many files that a disk's file system takes
 * an eighth of the time for them.
 */
function makeTemporaryFolder(): string | undefined {
  if (Deno.build.os === "windows") return undefined;
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "kuberlr-suite-" }));
  Deno.chmodSync(folder, 0o755);
  if (missingMounts === undefined) mount(folder, "mode=755");
  return folder;
}

/** Returns the names of the entries that are left in it, and removes it. */
function removeTemporaryFolder(folder: string): readonly string[] {
  const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  for (const path of mountedIn(folder)) unmount(path);
  Deno.removeSync(folder, { recursive: true });
  return left;
}

/** Returns this folder and those below it that are mounted, the deepest first. */
function mountedIn(folder: string): readonly string[] {
  if (Deno.build.os !== "linux") return [];
  const mounts = Deno.readTextFileSync("/proc/mounts").matchAll(/^\S+ (\S+)/gm);
  return Array.from(mounts, ([, path = ""]) => path)
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

/**
 * Returns this user's temporary folders for kubectls that exist outside of every test's own folder.
 */
function sharedPlaces(): readonly string[] {
  if (Deno.build.os === "windows") return [];
  return temporaryFolders({ os: "linux", arch: "amd64" }, { get: () => undefined })
    .map((folder) => `${folder}/${temporaryPlaceName(Deno.uid() ?? undefined)}`)
    .filter((path) => {
      try {
        return Deno.lstatSync(path) !== undefined;
      } catch {
        return false;
      }
    });
}

async function runShard(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly text: string; readonly success: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  let text = "";
  let isSilent = false;
  const end = () => {
    isSilent = true;
    child.kill("SIGKILL");
  };
  let guard = setTimeout(end, SILENCE_MS);
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const bytes of stream) {
      text += decoder.decode(bytes);
      clearTimeout(guard);
      guard = setTimeout(end, SILENCE_MS);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const { success } = await child.status;
  clearTimeout(guard);
  if (isSilent) {
    text += `\n ERRORS \n\nNothing was printed for ${SILENCE_MS} ms: ended at the above\n`;
  }
  return { text, success };
}

/** Reads the last line of a shard: `ok | 12 passed (3 steps) | 0 failed | 2 ignored (2s)`. */
function addCounts(counts: Counts, text: string): void {
  const [line = ""] = withoutColor(text).match(/^(?:ok|FAILED) \| .*$/gm)?.slice(-1) ?? [];
  for (const name of ["passed", "failed", "ignored"] as const) {
    counts[name] += Number(new RegExp(String.raw`(\d+) ${name}`).exec(line)?.[1] ?? 0);
  }
}

function withoutColor(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(Deno.stdout.isTerminal() ? text : withoutColor(text));
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

if (import.meta.main) {
  const hasPath = Deno.args.some((arg) => !arg.startsWith("-"));
  Deno.exit(await runSuite(hasPath ? Deno.args : [...Deno.args, "tests/"]));
}
