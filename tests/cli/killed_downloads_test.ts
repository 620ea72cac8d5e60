/**
 * A killed download's leftovers are swept by the next download of any version. A file that a live
 * process still writes is not swept.
 */
import { assert, assertEquals } from "@std/assert";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { startCluster } from "../support/cluster.ts";
import { fakeKubectlBytes, fakeOutput } from "../support/fake_kubectl.ts";
import { type Running, type Sandbox, story } from "../support/sandbox.ts";

const GET = ["get", "pods"];
const HALF = 1_000;

/** The mirror stalls after half of 1.29.4 and of 1.30.5; it serves all of 1.31.2. */
const startSlowCluster = (box: Sandbox) =>
  startCluster(box, {
    api: { version: "v1.30.5" },
    kubectls: ["1.29.4", "1.30.5", "1.31.2"].map((version) => ({
      version,
      bytes: fakeKubectlBytes(version, "\n".repeat(2 * HALF)),
    })),
    fault: ({ path }) =>
      /v1\.(?:29\.4|30\.5)\/.*\/kubectl$/.test(path)
        ? { kind: "stall", afterBytes: HALF }
        : undefined,
  });

/** Waits until half of the release has been written, and returns the file that it is in. */
async function partOf(version: string, box: Sandbox, running: Running): Promise<string> {
  const ended = running.done.then(({ stderr }) => stderr, String);
  for (;;) {
    const name = box.files(box.binaries).find((name) => name.startsWith(`.kubectl-${version}.`));
    const path = `${box.binaries}/${name}`;
    if (name !== undefined && Deno.statSync(path).size >= HALF) return path;
    const isOver = await Promise.race([ended, new Promise((go) => setTimeout(go, 20))]);
    assertEquals(isOver, undefined);
  }
}

const isThere = (path: string, box: Sandbox) =>
  box.files(box.binaries).some((name) => path === `${box.binaries}/${name}`);

for (
  const { signal, how, shell } of [
    { signal: "SIGKILL", how: "in the foreground", shell: "" },
    { signal: "SIGKILL", how: "as a script's background job", shell: "trap '' INT QUIT; " },
    { signal: "SIGTERM", how: "as a script's background job", shell: "trap '' INT QUIT; " },
    { signal: "SIGTERM", how: "under nohup", shell: "trap '' HUP; " },
  ] as const
) {
  story(`a download that ${signal} ends ${how} is swept, and not a living one`, async (box) => {
    await using _cluster = await startSlowCluster(box);
    const job = box.write(
      "bin/job",
      `#!/bin/sh\n${shell}exec ${box.command("kubectl").map(quoteShellWord).join(" ")} "$@"\n`,
      0o755,
    );
    const doomed = box.spawn(job, GET, { env: { KUBERLR_KUBECTL: "1.29.4" } });
    const left = await partOf("1.29.4", box, doomed);
    doomed.kill(signal);
    assertEquals((await doomed.done).signal, signal);
    assert(isThere(left, box));

    const living = box.start("kubectl", GET);
    const alive = await partOf("1.30.5", box, living);
    // The live process has already swept, so the third one needs another leftover.
    const again = box.spawn(job, GET, { env: { KUBERLR_KUBECTL: "1.29.4" } });
    const leftAgain = await partOf("1.29.4", box, again);
    again.kill(signal);
    await again.done;
    assertEquals([left, alive, leftAgain].map((path) => isThere(path, box)), [false, true, true]);

    const third = await box.run("kubectl", GET, { env: { KUBERLR_KUBECTL: "1.31.2" } });
    assertEquals(third.stdout, fakeOutput("1.31.2", GET), third.stderr);
    assertEquals([alive, leftAgain].map((path) => isThere(path, box)), [true, false]);

    living.kill("SIGTERM");
    assertEquals((await living.done).signal, "SIGTERM");
    assertEquals(box.files(box.binaries), ["kubectl1.31.2"]);
  }, { unix: "it has no such signals" });
}
