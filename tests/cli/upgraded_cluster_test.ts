/** A cluster that is upgraded between two commands: which commands notice it, and when. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { versionBody } from "../support/api_documents.ts";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const ARGS = ["get", "pods"];

/** Starts a server that is 1.29 for a first command, and 1.31 from then on. */
async function upgraded(box: Sandbox) {
  let version = "v1.29.1";
  const api = await startApiServer({
    answer: () => ({ kind: "body", body: JSON.stringify(versionBody(version)) }),
  });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4");
  const fitting = box.fakeKubectl("1.31.0");
  assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
  version = "v1.31.0";
  return { fitting, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

story("kubectl goes on with what it knows of a server that was upgraded", async (box) => {
  await using _cluster = await upgraded(box);
  assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
  assertRan(await box.run("kubectl", ARGS, { env: { KUBERLR_VERSIONTTL: "0" } }), "1.31.0", ARGS);
});

for (
  const command of [
    "get auto --refresh",
    "clusters",
    "which --refresh",
    "explain --refresh",
    "doctor",
  ]
) {
  story(`kubectl follows an upgraded server at once after "kuberlr ${command}"`, async (box) => {
    await using cluster = await upgraded(box);
    const run = await box.run("kuberlr", command.split(" "));
    assertEquals([run.status, run.stderr], [0, ""]);
    assertStringIncludes(run.stdout, command === "clusters" ? "v1.31.0" : cluster.fitting);
    assertRan(await box.run("kubectl", ARGS), "1.31.0", ARGS);
    // The kubectl that is named without asking the server is the one that runs.
    const cached = await box.run("kuberlr", ["which", ...ARGS]);
    assertEquals(cached.stdout, `${cluster.fitting}\n`);
  });
}

story("doctor says that the server was upgraded, once, and where to read on", async (box) => {
  await using cluster = await upgraded(box);
  const page = "https://github.com/kuberlr/kuberlr/blob/main/docs/upgraded-clusters.md";
  const first = await box.run("kuberlr", ["doctor"]);
  assertStringIncludes(
    first.stdout,
    `runs v1.31.0, v1.29.1 until now: "${cluster.fitting}" will run\n`,
  );
  assertStringIncludes(first.stdout, `→ After an upgrade, see ${page}\n`);
  const second = await box.run("kuberlr", ["doctor"]);
  assertStringIncludes(second.stdout, `runs v1.31.0: "${cluster.fitting}" will run\n`);
  assertEquals(second.stdout.includes(page), false);
});

story(
  "without asking, commands say what the next kubectl will be, not what would fit",
  async (box) => {
    await using _cluster = await upgraded(box);
    const old = `${box.kubectl("1.29.4")}\n`;
    assertEquals((await box.run("kuberlr", ["which", ...ARGS])).stdout, old);
    assertEquals((await box.run("kuberlr", ["get", "auto"])).stdout, old);
    const cached = await box.run("kuberlr", ["clusters", "--cached", "-o", "json"]);
    assertEquals(JSON.parse(cached.stdout)[0].version, "v1.29.1");
    assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
  },
);

story("the launcher follows an upgraded server, too", async (box) => {
  await using _cluster = await upgraded(box);
  const linked = await box.run("kuberlr", ["link", "--dir", `${box.root}/linked`]);
  assertEquals(linked.status, 0, linked.stderr);
  const launch = () => box.exec(`${box.root}/linked/kubectl`, ARGS);
  // Three runs are needed, because the launcher follows what the earlier ones have written.
  for (let time = 1; time <= 3; time++) assertRan(await launch(), "1.29.4", ARGS);
  assertEquals((await box.run("kuberlr", ["clusters"])).status, 0);
  for (let time = 1; time <= 3; time++) assertRan(await launch(), "1.31.0", ARGS);
}, { unix: "there is no launcher" });
