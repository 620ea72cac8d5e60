/** If no folder can hold a program, kuberlr says so at once and asks no mirror. */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { missingMounts } from "../support/mounts.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { story } from "../support/sandbox.ts";
import { assertRefused } from "../support/verdicts.ts";

/**
 * Makes the temporary folders of this machine, the home and TMPDIR noexec for one command. The
 * folders before `--` hold the program and are excepted.
 */
const NOEXEC = `
for folder in /tmp /var/tmp /dev/shm "$0/home" "$0/tmp"; do
  [ -d "$folder" ] || continue
  mount --rbind "$folder" "$folder" && mount -o remount,bind,noexec "$folder" || exit 99
done
while [ "$1" != -- ]; do
  mount --bind "$1" "$1" && mount -o remount,bind,exec "$1" || exit 99
  shift
done
shift
cd "$0/work" && exec "$@"
`;

story("noexec wherever a kubectl could be kept", async (box) => {
  await using cluster = await startCluster(box, {
    api: { version: "v1.30.5" },
    kubectls: ["1.30.5"],
  });
  box.fakeKubectl("1.30.0");
  const programs = [Deno.execPath(), ...programUnderTest()].filter((path) => path.startsWith("/"))
    .map((path) => path.slice(0, path.lastIndexOf("/")));
  const inside = ["--mount", "sh", "-c", NOEXEC, box.root, box.bin, ...programs, "--"];
  for (const args of [["get", "pods"], ["config", "current-context"]]) {
    const run = await box.exec("unshare", [...inside, ...box.command("kubectl"), ...args]);
    assertRefused(run, {
      status: 125,
      error: /No folder can hold a kubectl: ".*\.kuberlr.*" is on .* mounted "noexec", and /,
      hint: /Set TMPDIR to a folder/,
    });
  }
  assertEquals([cluster.mirror.requests, box.files(`${box.root}/tmp`)], [[], []]);
}, { unless: missingMounts });
