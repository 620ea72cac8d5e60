import { assert, assertEquals } from "@std/assert";
import { parseVolume, type VolumeCall, volumeCall } from "../../../lib/host/disk/volume_answer.ts";
import { volumeOf } from "../../../lib/host/disk/volume.ts";
import { ownTarget } from "../../../tools/targets.ts";
import { missingMounts, mount, unmount } from "../../support/mounts.ts";

/**
 * The fields of Darwin's <sys/mount.h>, __DARWIN_STRUCT_STATFS64: names and sizes in bytes, in
 * order.
 */
const STATFS = [
  ...[["f_bsize", 4], ["f_iosize", 4], ["f_blocks", 8], ["f_bfree", 8], ["f_bavail", 8]],
  ...[["f_files", 8], ["f_ffree", 8], ["f_fsid", 8], ["f_owner", 4], ["f_type", 4]],
  ...[["f_flags", 4], ["f_fssubtype", 4], ["f_fstypename", 16], ["f_mntonname", 1024]],
  ...[["f_mntfromname", 1024], ["f_flags_ext", 4], ["f_reserved", 28]],
] as const satisfies readonly (readonly [string, number])[];

/** The fields of <sys/statvfs.h> in glibc and musl, with 64 bits. */
const STATVFS = [
  ...[["f_bsize", 8], ["f_frsize", 8], ["f_blocks", 8], ["f_bfree", 8], ["f_bavail", 8]],
  ...[["f_files", 8], ["f_ffree", 8], ["f_favail", 8], ["f_fsid", 8], ["f_flag", 8]],
  ...[["f_namemax", 8], ["spare", 24]],
] as const satisfies readonly (readonly [string, number])[];

type Structure = readonly (readonly [string, number])[];

function fill(
  { bytes }: VolumeCall,
  structure: Structure,
  values: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> {
  const size = structure.reduce((sum, [, length]) => sum + length, 0);
  assert(bytes >= size, `${size} bytes are written into ${bytes}`);
  // Fields that are not read have all bits set.
  const answer = new Uint8Array(bytes).fill(0xff);
  const view = new DataView(answer.buffer);
  let at = 0;
  for (const [name, length] of structure) {
    const value = values[name];
    if (value !== undefined && length === 4) view.setUint32(at, value, true);
    if (value !== undefined && length === 8) view.setBigUint64(at, BigInt(value), true);
    at += length;
  }
  return answer;
}

const DARWIN = {
  ...{ f_bsize: 4096, f_blocks: 1000, f_bfree: 30, f_bavail: 20 },
  ...{ f_files: 9, f_ffree: 7 },
};
const LINUX = {
  ...{ f_frsize: 4096, f_blocks: 1000, f_bfree: 30, f_bavail: 20 },
  ...{ f_files: 9, f_ffree: 7 },
};
for (
  const [os, structure, values, want] of [
    ["darwin", STATFS, { ...DARWIN, f_flags: 0 }, [false, false, 81_920]],
    ["darwin", STATFS, { ...DARWIN, f_flags: 0x1000 | 1 }, [true, false, 81_920]],
    ["darwin", STATFS, { ...DARWIN, f_flags: 0x1000 | 4 }, [false, true, 81_920]],
    ["darwin", STATFS, { ...DARWIN, f_flags: 8 }, [false, false, 81_920]], // MNT_NOSUID
    ["darwin", STATFS, { ...DARWIN, f_flags: 0, f_blocks: 0 }, [false, false, Infinity]],
    ["linux", STATVFS, { ...LINUX, f_flag: 0 }, [false, false, 81_920]],
    ["linux", STATVFS, { ...LINUX, f_flag: 0x1000 | 1 }, [true, false, 81_920]],
    ["linux", STATVFS, { ...LINUX, f_flag: 0x1000 | 8 }, [false, true, 81_920]],
    ["linux", STATVFS, { ...LINUX, f_flag: 4 }, [false, false, 81_920]], // ST_NODEV
    ["linux", STATVFS, { ...LINUX, f_flag: 0, f_blocks: 0 }, [false, false, Infinity]],
  ] as const
) {
  Deno.test(`a file system of ${os}: ${JSON.stringify(values)}`, () => {
    for (const arch of ["amd64", "arm64"] as const) {
      const call = volumeCall({ os, arch })!;
      const { isReadOnly, isNoexec, freeBytes, freeFiles } = parseVolume(
        fill(call, structure, values),
        call,
        false,
      );
      assertEquals([isReadOnly, isNoexec, freeBytes, freeFiles], [...want, 7]);
    }
  });
}

Deno.test("a file system that makes inodes as it needs them has room for any number", () => {
  const call = volumeCall({ os: "linux", arch: "amd64" })!;
  const answer = fill(call, STATVFS, { ...LINUX, f_flag: 0, f_files: 0, f_ffree: 0 });
  assertEquals(parseVolume(answer, call, false).freeFiles, Infinity);
});

Deno.test("root has the reserved blocks, too", () => {
  const call = volumeCall({ os: "darwin", arch: "arm64" })!;
  assertEquals(parseVolume(fill(call, STATFS, DARWIN), call, true).freeBytes, 30 * 4096);
});

Deno.test("the function's name: on Intel's macOS the plain one has an older structure", () => {
  const name = (os: "linux" | "darwin" | "windows", arch: "amd64" | "arm64") =>
    volumeCall({ os, arch })?.symbol;
  assertEquals(
    [name("darwin", "amd64"), name("darwin", "arm64"), name("linux", "amd64")],
    ["statfs$INODE64", "statfs", "statvfs"],
  );
  assertEquals(name("windows", "amd64"), undefined);
});

const isWindows = Deno.build.os === "windows";
Deno.test({
  name: `volumeOf() agrees with df${isWindows ? " (ignored: Windows has none)" : ""}`,
  ignore: isWindows,
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      const { stdout } = await new Deno.Command("df", { args: ["-kP", folder] }).output();
      const [, total = 0, used = 0, available = 0] = new TextDecoder().decode(stdout).trim()
        .split("\n")[1]!.split(/\s+/).map((field) => Number(field) * 1024);
      const free = Deno.uid() === 0 ? total - used : available;
      const volume = volumeOf(folder, ownTarget());
      assertEquals([volume?.isReadOnly, volume?.isNoexec], [false, false]);
      // Other processes write to the disk meanwhile.
      const ratio = volume!.freeBytes / free;
      assert(ratio > 0.5 && ratio < 2, `${volume!.freeBytes} and ${free}`);
      assertEquals(volumeOf(`${folder}/none`, ownTarget()), undefined);
    } finally {
      Deno.removeSync(folder);
    }
  },
});

for (
  const [options, want] of [
    // The folder itself takes one.
    ["size=64k,nr_inodes=5", [false, false, 65_536, 4]],
    ["size=64k,noexec,nr_inodes=5", [false, true, 65_536, 4]],
    ["size=64k,ro,nosuid,nodev,nr_inodes=5", [true, false, 65_536, 4]],
  ] as const
) {
  Deno.test({
    name: `volumeOf() of a real mount with ${options}${
      missingMounts === undefined ? "" : ` (ignored: ${missingMounts})`
    }`,
    ignore: missingMounts !== undefined,
    fn() {
      const folder = Deno.makeTempDirSync();
      try {
        assert(mount(folder, options));
        const { isReadOnly, isNoexec, freeBytes, freeFiles } = volumeOf(folder, ownTarget())!;
        assertEquals([isReadOnly, isNoexec, freeBytes, freeFiles], [...want]);
      } finally {
        unmount(folder);
        Deno.removeSync(folder);
      }
    },
  });
}
