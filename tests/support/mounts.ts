/**
 * Small private file systems, for tests with full and read-only disks.
 *
 * @module
 */

/** Why none can be mounted; `undefined` if it is possible. */
export const missingMounts = Deno.build.os !== "linux"
  ? "needs Linux' tmpfs"
  : Deno.uid() !== 0
  ? "mounting needs root"
  : canMount()
  ? undefined
  : "mounting is not allowed here";

/** Why no overlay can be mounted; `undefined` if it is possible. */
export const missingOverlays = missingMounts ??
  (/^nodev\toverlay$/m.test(Deno.readTextFileSync("/proc/filesystems"))
    ? undefined
    : "needs overlayfs");

/** Why no FAT can be mounted; `undefined` if it is possible. */
export const missingFat = missingMounts ??
  (["mkfs.vfat", "fusefat"].every(isThere) ? undefined : "needs mkfs.vfat and fusefat");

/** Mounts an empty FAT, which has one mode for all files. Returns true if that worked. */
export function mountFat(folder: string, image: string): boolean {
  Deno.writeFileSync(image, new Uint8Array());
  Deno.truncateSync(image, 40 * 1024 * 1024);
  return [["mkfs.vfat", image], ["fusefat", "-o", "rw+,allow_other", image, folder]]
    .every(([command = "", ...args]) =>
      new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success
    );
}

function isThere(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--help"], stdout: "null", stderr: "null" })
      .outputSync().code !== 127;
  } catch {
    return false;
  }
}

/** Mounts a tmpfs with these options of `mount`. Returns true if that worked. */
export function mount(folder: string, options: string): boolean {
  Deno.mkdirSync(folder, { recursive: true });
  const { success } = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", options, "kuberlr-test", folder],
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return success;
}

/** Mounts a folder over the one at `lower`, as for a container. Returns true if that worked. */
export function mountOverlay(
  folder: string,
  { lower, upper, work }: { readonly lower: string; readonly upper: string; readonly work: string },
): boolean {
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  return new Deno.Command("mount", {
    args: ["-t", "overlay", "-o", options, "kuberlr-test", folder],
    stdout: "null",
    stderr: "null",
  }).outputSync().success;
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
