/**
 * `deno task test:arm64`: runs the tests that depend on the processor or on libc, and one whole
 * path with a real kubectl, on linux/arm64 or under qemu on another Linux. Arguments go to `deno
 * test`.
 *
 * @module
 */
import {
  cacheDependencies,
  cacheWithKubectl,
  denoFor,
  exists,
  INSIDE,
  type Lack,
  lacksOfTree,
  reportLacks,
  runInTree,
} from "./trees.ts";

const VARIABLE = "KUBERLR_ARM64_TREE";
const RECIPE = "debootstrap --foreign --arch=arm64 --variant=minbase trixie DIR (220 MB)";
const QEMU = "/usr/bin/qemu-aarch64-static";

const TESTS = [
  "tests/platform_test.ts",
  "tests/host/disk",
  "tests/host/program_test.ts",
  "tests/host/process/libc_test.ts",
  "tests/host/process/environment_test.ts",
  "tests/host/process/handoff_test.ts",
  "tests/host/process/handoff_state_test.ts",
  "tests/readings",
  "tests/real/whole_path_test.ts",
];

/**
 * The magic of `aarch64` in qemu's own binfmt-conf. P keeps argv[0], F opens qemu before the root
 * changes.
 */
const BINFMT =
  String.raw`:arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:` +
  String
    .raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:${QEMU}:FP`;

async function main(args: readonly string[]): Promise<number> {
  const tests = args.length > 0 ? args : TESTS;
  const command = ["test", "-A", "--no-check", "--preload=tests/support/preload.ts", ...tests];
  if (Deno.build.target === "aarch64-unknown-linux-gnu") {
    return (await new Deno.Command(Deno.execPath(), { args: command }).spawn().status).code;
  }
  const lacks: Lack[] = [...lacksOfTree(VARIABLE, RECIPE, "/usr/bin/env")];
  if (!exists(QEMU)) lacks.push({ what: QEMU, how: "apt-get install qemu-user-static" });
  if (lacks.length > 0) return reportLacks("test:arm64", lacks);
  const tree = Deno.env.get(VARIABLE)!;
  finishTree(tree);
  await cacheDependencies();
  const cache = await cacheWithKubectl("linux", "arm64");
  return await runInTree({
    tree,
    ownUser: true,
    before: [
      "mkdir -p ./mnt",
      "mount -t binfmt_misc binfmt_misc ./mnt",
      `printf '%s' '${BINFMT}' > ./mnt/register`,
    ].join("\n"),
    binds: {
      "/srv/deno": await denoFor("linux-arm64-glibc", "deno"),
      ...(cache !== undefined && { "/srv/cache/kuberlr-dev": cache }),
    },
    env: {
      HOME: "/root",
      PATH: "/usr/bin:/bin",
      XDG_CACHE_HOME: "/srv/cache",
      DENO_DIR: INSIDE.denoDir,
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      KUBERLR_TEST_SLOWNESS: "20",
      TEST_LIMIT_MS: "900000",
    },
  }, ["/srv/deno", ...command, "--preload=tests/support/under_qemu.ts"]);
}

/** Debootstrap's second stage would do this, and much that is not needed here. */
function finishTree(tree: string): void {
  if (Deno.lstatSync(`${tree}/proc`).isSymlink) {
    Deno.removeSync(`${tree}/proc`);
    Deno.mkdirSync(`${tree}/proc`);
  }
  if (!exists(`${tree}/etc/passwd`)) {
    Deno.writeTextFileSync(`${tree}/etc/passwd`, "root:x:0:0:root:/root:/bin/sh\n");
  }
  Deno.writeTextFileSync(`${tree}/etc/hosts`, "127.0.0.1 localhost\n::1 localhost\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
