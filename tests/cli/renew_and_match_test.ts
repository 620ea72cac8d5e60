/** The settings that decide which kubectl fits a server: `Match`, `MinVersion` and `Renew`. */
import { assertEquals, assertMatch } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const GET_PODS = ["get", "pods"];

async function runs(box: Sandbox, version: string): Promise<string> {
  const run = await box.run("kubectl", GET_PODS);
  assertEquals([run.status, run.stdout], [0, fakeOutput(version, GET_PODS)], run.stderr);
  return run.stderr;
}

story(
  "Match: the window, the server's minor, its release; per context, and by a variable",
  async (box) => {
    await using _cluster = await startCluster(box, {
      api: { version: "v1.33.5" },
      kubectls: ["1.33.5", "1.33.9"],
    });
    box.fakeKubectl("1.34.5");
    await runs(box, "1.34.5");

    box.config(`[Contexts."pr*"]\nMatch = "minor"\n`);
    await runs(box, "1.33.5");
    const auto = await box.run("kuberlr", ["get", "auto"]);
    assertEquals(auto.stdout, `${box.kubectl("1.33.5")}\n`);

    box.fakeKubectl("1.33.9");
    await runs(box, "1.33.9");
    box.env.KUBERLR_MATCH = "patch";
    await runs(box, "1.33.5");
  },
);

story(
  "Match = patch, and a release that upstream never published: any patch, asked for once",
  async (box) => {
    await using cluster = await startCluster(box, {
      api: { version: "v1.27.101" },
      kubectls: ["1.27.16"],
    });
    box.env.KUBERLR_MATCH = "patch";
    await runs(box, "1.27.16");
    const asked = cluster.mirror.requests.length;
    await runs(box, "1.27.16");
    // A memo for this other command line does not exist.
    await box.run("kubectl", ["get", "nodes", "-n", "x"]);
    assertEquals(cluster.mirror.requests.length, asked);
  },
);

story("MinVersion: a server that says v1.7.0 gets no kubectl that is older", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.7.0" },
    kubectls: ["1.7.0", "1.25.3"],
  });
  box.config(`MinVersion = "1.25"\n`);
  // The first is the server's own release, the second would be one minor older than MinVersion.
  for (const version of ["1.7.0", "1.24.9"]) box.fakeKubectl(version);
  const stderr = await runs(box, "1.25.3");
  assertMatch(stderr, /^kuberlr: warning: The server says that it runs 1\.7\.0, and MinVersion/m);
});

story("MinVersion and Match hold for what a mirror offers instead, too", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.33.5" },
    kubectls: ["1.32.9"],
  });
  for (const [name, value] of [["KUBERLR_MATCH", "minor"], ["KUBERLR_MINVERSION", "1.33"]]) {
    const run = await box.run("kubectl", GET_PODS, { env: { [name ?? ""]: value } });
    assertEquals(run.status, 127, run.stderr);
    assertEquals(box.files(box.binaries), []);
  }
  box.config(`[Contexts."*"]\nMatch = "minor"\n`);
  const fleet = await box.run("kuberlr", ["clusters", "--get"]);
  assertEquals([fleet.status, box.files(box.binaries)], [127, []], fleet.stderr);
  box.config("");
  // The server's version is unknown, and the mirror's stable version is older.
  const env = { KUBERLR_MINVERSION: "1.33", KUBECONFIG: "/x" };
  const local = await box.run("kubectl", ["config", "view"], { env });
  assertEquals(local.status, 127, local.stderr);
  assertMatch(local.stderr, /the mirror offers 1\.32\.9, which is older than MinVersion \(1\.33\)/);
  await runs(box, "1.32.9");
});

story(
  "Renew: a newer patch, no more often than it says, and only where the server is asked",
  async (box) => {
    await using cluster = await startCluster(box, {
      api: { version: "v1.33.5" },
      kubectls: ["1.33.9"],
    });
    box.fakeKubectl("1.33.0");
    await runs(box, "1.33.0");
    assertEquals(cluster.mirror.requests.length, 0);

    box.env.KUBERLR_RENEW = "7";
    // A remembered version of the server does not make kuberlr ask the mirror.
    await runs(box, "1.33.0");
    await box.run("kubectl", ["config", "view"]);
    assertEquals(cluster.mirror.requests.length, 0);

    box.env.KUBERLR_VERSIONTTL = "0";
    await runs(box, "1.33.9");
    const asked = cluster.mirror.requests.length;
    await runs(box, "1.33.9");
    assertEquals(cluster.mirror.requests.length, asked);
  },
);

story("Renew: a mirror that is down changes nothing", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.33.5" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = "http://127.0.0.1:2";
  box.env.KUBERLR_RENEW = "1";
  box.fakeKubectl("1.33.0");
  assertEquals(await runs(box, "1.33.0"), "");
});

story("Renew: pins to a release stay, pins to a minor are renewed", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.33.5" },
    kubectls: ["1.33.9"],
  });
  box.fakeKubectl("1.33.0");
  box.env.KUBERLR_RENEW = "1";
  box.env.KUBERLR_VERSIONTTL = "0";
  box.env.KUBERLR_KUBECTL = "1.33.0";
  await runs(box, "1.33.0");
  box.env.KUBERLR_KUBECTL = "1.33";
  await runs(box, "1.33.9");
});
