/**
 * Runs programs as another user of this machine, if the tests run as root.
 *
 * @module
 */
import type { Run, RunOptions, Sandbox } from "./sandbox.ts";

export const USER = 12_345;

const FLAGS = [
  `--reuid=${USER}`,
  `--regid=${USER}`,
  "--clear-groups",
  "--inh-caps=+dac_read_search",
  "--ambient-caps=+dac_read_search",
];

/** Why the tests cannot become another user; `undefined` if they can. */
export const missingUser = Deno.build.os !== "linux"
  ? "needs Linux' setpriv"
  : Deno.uid() !== 0
  ? "only root can become another user"
  : canBecome()
  ? undefined
  : "setpriv is missing or may not be used";

/**
 * Runs the program under test as the other user. It may read everything, so that Deno finds the
 * sources and their packages, and may write what the user may write.
 */
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
  // access(2) ignores capabilities.
  Deno.chmodSync(box.root, 0o755);
  return box.exec("setpriv", [...FLAGS, ...command], {
    ...options,
    env: { DENO_DIR: denoDirOfUser(box.env.DENO_DIR ?? ""), ...options.env },
  });
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
  try {
    return new Deno.Command("setpriv", { args: [...FLAGS, "true"], stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}
