/**
 * Small disks of our own, where the system lets us: full and read-only ones are made of them.
 *
 * @module
 */

/** Why there can be none; `undefined` where there can. */
export const missingMounts = Deno.build.os !== "linux"
  ? "needs Linux' tmpfs"
  : Deno.uid() !== 0
  ? "mounting needs root"
  : canMount()
  ? undefined
  : "mounting is not allowed here";

/** A tmpfs, with the options of `mount`; whether there is one now. */
export function mount(folder: string, options: string): boolean {
  Deno.mkdirSync(folder, { recursive: true });
  const { success } = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", options, "kuberlr-test", folder],
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return success;
}

export function unmount(folder: string): void {
  new Deno.Command("umount", { args: [folder] }).outputSync();
}

function canMount(): boolean {
  const folder = Deno.makeTempDirSync();
  try {
    if (!mount(folder, "size=64k")) return false;
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
