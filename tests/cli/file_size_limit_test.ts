/** A kubectl that is larger than `ulimit -f` allows: an error, not a death without a message. */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { elfBytes } from "../support/mirror_files.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { denoDir, type Sandbox, story } from "../support/sandbox.ts";
import { assertInstalled, assertRefused } from "../support/verdicts.ts";

const ARGS = ["get", "pods"];
const UNIX = { unix: "ulimit is the shell's" };

/** Half of the kubectl below, in the shell's blocks of 512 bytes. */
const LIMITED = 'ulimit -f 16384; exec "$@"';

const start = (box: Sandbox) =>
  startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: [{ version: "1.29.4", bytes: elfBytes(16 << 20) }],
  });

/**
 * Deno's caches are in a folder of their own. A code cache that many tests share is larger than the
 * limit, and Deno would end when it writes it.
 */
function run(box: Sandbox) {
  const folder = `${box.root}/deno-dir`;
  Deno.mkdirSync(folder);
  Deno.symlinkSync(`${denoDir()}/npm`, `${folder}/npm`);
  box.env.DENO_DIR = folder;
  return box.exec("/bin/sh", ["-c", LIMITED, "sh", ...box.command("kubectl"), ...ARGS]);
}

story("a limit on the size of files: named, asked once, and nothing is left", async (box) => {
  await using cluster = await start(box);
  assertRefused(await run(box), {
    status: 125,
    error: /Cannot write ".*": File too large/,
    hint: /ulimit -f unlimited/,
  });
  assertEquals(cluster.mirror.binaryRequests().length, 1);
  assertInstalled(box, []);
  assertEquals(box.files(`${box.root}/tmp`), []);
}, UNIX);

story("a limit on the size of files ends kubectl as ever", async (box) => {
  await using _cluster = await start(box);
  box.config("UseLatestIfNoCompatible = true\n");
  const grow = `(head -c 16777216 /dev/zero >"$HOME/zeros") 2>/dev/null; echo $?`;
  box.fakeKubectl("1.20.0", { then: grow });
  const { stdout, stderr } = await run(box);
  // 128 and SIGXFSZ.
  assertEquals(stdout, `${fakeOutput("1.20.0", ARGS)}153\n`, stderr);
}, UNIX);
