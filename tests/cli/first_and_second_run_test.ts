/**
 * The main job: the first command on a cluster asks, downloads and verifies; the second command
 * does none of this.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { askedByKuberlr, startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { isBinary } from "../support/mirror_faults.ts";
import { story } from "../support/sandbox.ts";
import { assertInstalled, assertRan } from "../support/verdicts.ts";

const GET_PODS = ["get", "pods"];

/** A few of these lines make a kubectl: a script, or an executable on Windows. */
const DRIP_BYTES = Deno.build.os === "windows" ? 200_000 : 16;

story(
  "the first command downloads the server's release, the second downloads nothing",
  async (box) => {
    await using cluster = await startCluster(box, {
      api: { version: "v1.29.4-gke.1282001" },
      kubectls: ["1.29.4", "1.29.11", "1.31.0"],
    });

    const first = await box.run("kubectl", GET_PODS);
    assertEquals(
      { status: first.status, stdout: first.stdout },
      { status: 0, stdout: fakeOutput("1.29.4", GET_PODS) },
      first.stderr,
    );
    assertMatch(first.stderr, /^kuberlr: .*1\.29\.4.*\n$/);
    assertInstalled(box, ["1.29.4"]);
    assertEquals(cluster.mirror.binaryRequests().length, 1);
    assertEquals(askedByKuberlr(cluster.api), 1);

    const [asked, connected] = [cluster.mirror.requests.length, cluster.api.connections];
    assertRan(await box.run("kubectl", GET_PODS), "1.29.4", GET_PODS);
    assertRan(await box.run("kubectl", ["get", "nodes"]), "1.29.4", ["get", "nodes"]);
    assertEquals(
      [cluster.mirror.requests.length, cluster.api.connections],
      [asked, connected],
    );
  },
);

story("stdout is kubectl's, also while a download is reported", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
  });
  const { stdout } = await box.run("kubectl", ["get", "secret", "-o", "yaml"]);
  assertEquals(stdout, fakeOutput("1.29.4", ["get", "secret", "-o", "yaml"]));
});

story("two commands at once download once, and both run", async (box) => {
  await using cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
    fault: ({ path }) =>
      isBinary({ path }) ? { kind: "drip", bytes: DRIP_BYTES, everyMs: 20 } : undefined,
  });
  const runs = await Promise.all([1, 2, 3].map((n) => box.run("kubectl", ["get", `pod-${n}`])));
  assertEquals(
    runs.map(({ status, stdout }) => ({ status, stdout })),
    [1, 2, 3].map((n) => ({ status: 0, stdout: fakeOutput("1.29.4", ["get", `pod-${n}`]) })),
  );
  assertEquals(cluster.mirror.binaryRequests().length, 1);
  assertInstalled(box, ["1.29.4"]);
}, { needs: "file-locks" });

story("a patch that upstream never published gives way to the newest of its minor", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.27.101-akslts" },
    kubectls: ["1.27.15", "1.27.16", "1.30.0"],
  });
  const { status, stdout } = await box.run("kubectl", GET_PODS);
  assertEquals({ status, stdout }, { status: 0, stdout: fakeOutput("1.27.16", GET_PODS) });
  assertInstalled(box, ["1.27.16"]);
});

story("a server that says nothing, and no kubectl: the mirror's stable release", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { answer: { kind: "status", status: 403 } },
    kubectls: ["1.30.0", "1.36.3", "1.9.11"],
  });
  const { status, stdout } = await box.run("kubectl", GET_PODS);
  assertEquals({ status, stdout }, { status: 0, stdout: fakeOutput("1.36.3", GET_PODS) });
  assertInstalled(box, ["1.36.3"]);
});

story("kuberlr get downloads what it is told, and says where it is", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.29.4", "1.29.11", "1.31.0"] });
  const { status, stdout } = await box.run("kuberlr", ["get", "1.29", "v1.31.0"]);
  assertEquals({ status, stdout }, {
    status: 0,
    stdout: `${box.kubectl("1.29.11")}\n${box.kubectl("1.31.0")}\n`,
  });
  assertInstalled(box, ["1.29.11", "1.31.0"]);
});
