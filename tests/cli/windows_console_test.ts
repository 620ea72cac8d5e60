/** Ctrl-C and Ctrl-Break in a Windows console, before kubectl runs and while it runs. */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { pressKey } from "../support/console_keys.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { isBinary } from "../support/mirror_faults.ts";
import { story } from "../support/sandbox.ts";

const UNLESS = Deno.build.os === "windows" ? undefined : "it needs Windows";
const GET = ["get", "pods", "--watch"];

const KEYS = [
  { key: "Ctrl-C" },
  { key: "Ctrl-Break", wine: "its console does not deliver Ctrl-Break" },
] as const;

for (const { key, ...needs } of KEYS) {
  story(`${key} reaches kubectl, whose answer is kuberlr's`, async (box) => {
    await using _cluster = await startCluster(box, { api: { version: "v1.30.2" }, kubectls: [] });
    box.fakeKubectl("1.30.2", { then: `await-key ${box.root}/started; exit 42` });
    const { status, stdout } = await pressKey(box, GET, { key, folder: box.root, sign: "started" });
    assertEquals(
      [status, stdout.replaceAll("\r", "")],
      [42, `${fakeOutput("1.30.2", GET)}a key\n`],
    );
  }, { ...needs, unless: UNLESS });

  story(`${key} ends a download, of which nothing stays`, async (box) => {
    await using _cluster = await startCluster(box, {
      api: { version: "v1.30.2" },
      kubectls: ["1.30.2"],
      fault: ({ path }) => isBinary({ path }) ? { kind: "stall", afterBytes: 10 } : undefined,
    });
    const { status } = await pressKey(box, GET, { key, folder: box.binaries, sign: ".kubectl-" });
    assertEquals([status, box.files(box.binaries)], [130, []]);
  }, { ...needs, unless: UNLESS });
}
