/**
 * A server may report a version that was never published; kubectl runs all the same, and the mirror
 * is asked once.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { story } from "../support/sandbox.ts";
import { assertNoStack, assertRan } from "../support/verdicts.ts";

const GET_PODS = ["get", "pods"];

for (const version of ["v4.14.2", "v2.3.0", "v1.99.4"]) {
  story(`a server that says ${version}: the newest installed runs, with a warning`, async (box) => {
    await using cluster = await startCluster(box, { api: { version }, kubectls: ["1.36.4"] });
    box.fakeKubectl("1.30.1");
    box.fakeKubectl("1.35.0");
    const minor = version.replace(/^v|\.\d+$/g, "");
    const text = version.slice(1);

    const first = await box.run("kubectl", GET_PODS);
    assertEquals([first.status, first.stdout], [0, fakeOutput("1.35.0", GET_PODS)], first.stderr);
    const warning = new RegExp(
      `^kuberlr: warning: The server says that it runs ${text}, which no mirror has, nor any ${minor}: using 1\\.35\\.0$`,
      "m",
    );
    assertMatch(first.stderr, warning);
    assertNoStack(first);

    const asked = cluster.mirror.requests.length;
    const second = await box.run("kubectl", GET_PODS);
    assertEquals([second.status, second.stdout], [0, fakeOutput("1.35.0", GET_PODS)]);
    assertMatch(second.stderr, warning);
    assertEquals(cluster.mirror.requests.length, asked);
  });
}

story("a server that says v1.99.4, and nothing installed: the mirror's stable", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.99.4" },
    kubectls: ["1.36.4"],
  });
  const run = await box.run("kubectl", GET_PODS);
  assertEquals([run.status, run.stdout], [0, fakeOutput("1.36.4", GET_PODS)], run.stderr);
  assertMatch(run.stderr, /1\.99\.4, which no mirror has, nor any 1\.99: using the stable kubectl/);
});

const body = JSON.stringify({ gitVersion: "v4.14.2", major: "1", minor: "27" });

story("a product's own number, and Kubernetes' in the fields: the fields count", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { answer: ({ path }) => path === "/version" ? { kind: "body", body } : undefined },
    kubectls: [],
  });
  box.fakeKubectl("1.27.3");
  box.fakeKubectl("1.35.0");
  assertRan(await box.run("kubectl", GET_PODS), "1.27.3", GET_PODS);
});

story(
  "another major, and no mirror to ask: the newest installed runs, with a warning",
  async (box) => {
    await using _cluster = await startCluster(box, { api: { version: "v4.14.2" }, kubectls: [] });
    box.env.KUBERLR_KUBEMIRRORURL = "http://127.0.0.1:2";
    box.fakeKubectl("1.35.0");
    for (const allowed of ["true", "false"]) {
      const env = { KUBERLR_ALLOWDOWNLOAD: allowed };
      const run = await box.run("kubectl", GET_PODS, { env });
      assertEquals([run.status, run.stdout], [0, fakeOutput("1.35.0", GET_PODS)], run.stderr);
      assertMatch(
        run.stderr,
        /^kuberlr: warning: The server says that it runs 4\.14\.2, which is/m,
      );
    }
  },
);
