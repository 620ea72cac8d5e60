/**
 * Root folders of other systems on a Linux machine: Debian with Wine, in which `deno.exe` runs, and
 * Debian for arm64, which qemu runs. A program starts in its own mount and process namespace, so
 * that none of its children outlives it, and the machine stays unchanged.
 * @module
 */
import { devCache } from "./dev_cache.ts";
import { compileKubectl } from "./go_kubectl.ts";
import { fileOfPackage } from "./npm_package.ts";
import { denoDir } from "./sandbox.ts";

/** The paths of the repository and of Deno's cache inside a tree. */
export const INSIDE = { repository: "/srv/kuberlr", denoDir: "/srv/deno-dir" };

/** Something that this machine lacks, and how to get it. */
export interface Lack {
  readonly what: string;
  readonly how: string;
}

export interface Entry {
  /** The tree's folder. */
  readonly tree: string;
  /** Folders and files of this machine, by their path in the tree; both must exist. */
  readonly binds: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Shell code that runs in the namespace before the tree is entered. */
  readonly before?: string;
  /**
   * True if the namespace belongs to a user alone: binfmt handlers are then registered only for it.
   */
  readonly ownUser?: boolean;
}

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** Runs a command in a tree, in the repository. Returns its exit status. */
export async function runInTree(
  { tree, binds, env, before = "", ownUser = false }: Entry,
  command: readonly string[],
): Promise<number> {
  const mounts = Object.entries({
    [INSIDE.repository]: ROOT,
    [`${INSIDE.denoDir}/npm`]: `${denoDir()}/npm`,
    ...binds,
  });
  for (const [inside, outside] of mounts) makeMountPoint(`${tree}${inside}`, outside);
  const script = [
    "set -eu",
    `cd ${quote(tree)}`,
    ...mounts.map(([inside, outside]) => `mount --bind ${quote(outside)} ${quote(`.${inside}`)}`),
    "mount --rbind /dev ./dev",
    "mount -t proc proc ./proc",
    before,
    `exec chroot . /usr/bin/env -i ${assignments(env)} sh -c ` +
    quote(`cd ${INSIDE.repository} && exec "$@"`) + ` sh "$@"`,
  ];
  const user = ownUser ? ["--user", "--map-root-user"] : [];
  const { code } = await new Deno.Command("unshare", {
    args: [
      ...user,
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "sh",
      "-c",
      script.join("\n"),
      "sh",
      ...command,
    ],
  }).spawn().status;
  return code;
}

/** The requirements of both trees. */
export function lacksOfTree(variable: string, recipe: string, program: string): readonly Lack[] {
  const lacks: Lack[] = [];
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    lacks.push({
      what: "root on Linux",
      how: "run the task there: it mounts and changes its root",
    });
  }
  const tree = Deno.env.get(variable) ?? "";
  if (tree === "") {
    lacks.push({ what: "a tree of Debian", how: `as root: ${recipe}; then set ${variable}=DIR` });
  } else if (!exists(`${tree}${program}`)) {
    lacks.push({ what: `${program} in "${tree}"`, how: `as root: ${recipe}` });
  }
  return lacks;
}

/** Prints the missing requirements, one per line. Returns the exit status. */
export function reportLacks(task: string, lacks: readonly Lack[]): number {
  report(`${task} cannot run: this machine lacks\n`);
  for (const { what, how } of lacks) report(`  ${what}: ${how}\n`);
  return 1;
}

export function report(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

/** Returns the path of this Deno's release for another platform, from its npm package. */
export async function denoFor(platform: string, file: string): Promise<string> {
  const cache = devCache();
  if (cache === undefined) throw new Error("Cannot keep Deno: there is no cache directory");
  const path = `${cache}/deno-${Deno.version.deno}-${platform}/${file}`;
  if (exists(path)) return path;
  const bytes = await fileOfPackage(`@deno/${platform}@${Deno.version.deno}`, `package/${file}`);
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}`;
  Deno.writeFileSync(temporary, bytes, { mode: 0o755 });
  Deno.renameSync(temporary, path);
  return path;
}

/**
 * Brings every dependency into this machine's cache, with additional packages: a tree may not have
 * a network.
 */
export async function cacheDependencies(...packages: readonly string[]): Promise<void> {
  const commands = [["install"], ...packages.map((name) => ["cache", "--no-lock", name])];
  for (const [command = "", ...args] of commands) {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [command, "--quiet", ...args],
      cwd: ROOT,
    }).spawn().status;
    if (!success) throw new Error("Cannot bring the dependencies");
  }
}

/**
 * Returns the user's cache with the kubectl for a tree in it. Without that kubectl, the tests that
 * need one say so.
 */
export async function cacheWithKubectl(goos: string, goarch: string): Promise<string | undefined> {
  try {
    return await compileKubectl(goos, goarch);
  } catch (error) {
    report(`A real kubectl for ${goos}-${goarch} cannot be made: ${(error as Error).message}\n`);
    return undefined;
  }
}

export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function makeMountPoint(path: string, outside: string): void {
  if (Deno.statSync(outside).isDirectory) return Deno.mkdirSync(path, { recursive: true });
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  if (!exists(path)) Deno.writeTextFileSync(path, "");
}

function assignments(env: Readonly<Record<string, string>>): string {
  return Object.entries(env).map(([name, value]) => quote(`${name}=${value}`)).join(" ");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
