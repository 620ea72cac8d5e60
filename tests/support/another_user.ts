/**
 * Runs programs as another user of this machine, if the tests run as root.
 *
 * @module
 */
import { programUnderTest } from "./program_under_test.ts";
import type { Run, RunOptions, Sandbox } from "./sandbox.ts";

export const USER = 12_345;

const FLAGS = [`--reuid=${USER}`, `--regid=${USER}`, "--clear-groups"];
/** Lets the user read everything, for sources and runtimes in folders that only root may enter. */
const READING = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];

/** Why the tests cannot become another user; `undefined` if they can. */
export const missingUser = Deno.build.os !== "linux"
  ? "needs Linux' setpriv"
  : Deno.uid() !== 0
  ? "only root can become another user"
  : canBecome()
  ? undefined
  : "setpriv is missing or may not be used";

/** Why the other user cannot run the program under test without a capability. */
export const missingPlainUser = missingUser ??
  (isReachable() ? undefined : "the other user may not read the program under test");

/** Runs the program under test as the other user. */
export function runAsUser(
  box: Sandbox,
  program: "kubectl" | "kuberlr",
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  return execAsUser(box, [...box.command(program), ...args], options);
}

/** Does what {@linkcode runAsUser} does, for a whole command line. */
export function execAsUser(
  box: Sandbox,
  command: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const { words: [setpriv, ...args], env } = asUser(box, command);
  return box.exec(setpriv, args, { ...options, env: { ...env, ...options.env } });
}

/** Returns the command line that becomes the other user first, and the variables that it needs. */
export function asUser(
  box: Sandbox,
  command: readonly string[],
): {
  readonly words: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
} {
  Deno.chmodSync(box.root, 0o755);
  const flags = missingPlainUser === undefined ? FLAGS : [...FLAGS, ...READING];
  if (missingPlainUser === undefined) makeReachable(box);
  return {
    words: ["setpriv", ...flags, ...command],
    env: { DENO_DIR: denoDirOfUser(box.env.DENO_DIR ?? "") },
  };
}

/**
 * Gives a folder with everything in it to the other user; on Windows it is the user's anyway. Links
 * are not followed.
 */
export function giveToUser(path: string, uid = USER): void {
  if (Deno.build.os === "windows" || Deno.lstatSync(path).isSymlink) return;
  Deno.chownSync(path, uid, uid);
  if (!Deno.lstatSync(path).isDirectory) return;
  for (const { name } of Deno.readDirSync(path)) giveToUser(`${path}/${name}`, uid);
}

let denoDir: string | undefined;

/** Returns a copy of the packages, made once for all tests of a file: Deno writes to its folder. */
function denoDirOfUser(original: string): string {
  if (denoDir !== undefined) return denoDir;
  const folder = Deno.makeTempDirSync({ prefix: "kuberlr-deno-" });
  denoDir = folder;
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  new Deno.Command("cp", { args: ["-r", `${original}/npm`, folder], stderr: "null" }).outputSync();
  new Deno.Command("chown", { args: ["-R", `${USER}`, folder] }).outputSync();
  return folder;
}

function canBecome(): boolean {
  return succeedsAs([...FLAGS, ...READING], "true");
}

function succeedsAs(flags: readonly string[], ...command: readonly string[]): boolean {
  try {
    return new Deno.Command("setpriv", { args: [...flags, ...command], stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** Returns true if the user can read the files of the program; Deno itself is linked elsewhere. */
function isReachable(): boolean {
  const [command, ...words] = programUnderTest();
  const files = [command, ...words].filter((word) =>
    word.startsWith("/") && word !== Deno.execPath()
  );
  return files.every((path) => succeedsAs(FLAGS, "test", "-r", path));
}

/** Makes the programs in PATH run a Deno in a folder that every user may enter. */
function makeReachable({ bin, program }: Sandbox): void {
  const own = Deno.execPath();
  for (const { name, isFile } of Deno.readDirSync(bin)) {
    if (!isFile || Deno.statSync(`${bin}/${name}`).size > 1_000_000) continue;
    const text = Deno.readTextFileSync(`${bin}/${name}`);
    if (text.includes(own)) {
      Deno.writeTextFileSync(`${bin}/${name}`, text.replaceAll(own, reachableDeno()));
    }
  }
  for (const folder of program.split(":")) {
    const link = `${folder}/deno`;
    try {
      if (Deno.readLinkSync(link) !== own) continue;
    } catch {
      continue; // There is none.
    }
    Deno.removeSync(link);
    Deno.symlinkSync(reachableDeno(), link);
  }
}

let reachable: string | undefined;

function reachableDeno(): string {
  if (reachable !== undefined) return reachable;
  const folder = Deno.makeTempDirSync({ prefix: "kuberlr-deno-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  Deno.chmodSync(folder, 0o755);
  reachable = `${folder}/deno`;
  try {
    Deno.linkSync(Deno.execPath(), reachable);
  } catch {
    Deno.copyFileSync(Deno.execPath(), reachable); // another file system
  }
  return reachable;
}
