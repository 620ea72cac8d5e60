/** kuberlr cannot remember anything, or its memory is damaged: it is slower, and never wrong. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { startCluster } from "../support/cluster.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { NO_HOME, story } from "../support/sandbox.ts";
import { assertRan, assertRefused } from "../support/verdicts.ts";

story("without HOME a kubectl of SystemPath runs", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  const config = box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4", { folder: box.system });
  box.fakeKubectl("1.31.0", { folder: box.system });

  const env = { ...NO_HOME, KUBECONFIG: config };
  assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.29.4", ["get", "pods"]);
  assertEquals(box.files(box.cwd), []);
});

story("without HOME and without a kubectl there is one clear error", async (box) => {
  const run = await box.run("kubectl", ["get", "pods"], { env: NO_HOME });
  assertRefused(run, {
    status: 127,
    error: /Cannot download the stable kubectl: .* the connection was refused/,
    hint: /KubeMirrorUrl/,
  });
  assertEquals(box.files(box.cwd), []);
});

story("without HOME every command finds the downloaded kubectl", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.29.4", "1.33.0"],
    api: { version: "v1.29.1" },
  });
  const env = { ...NO_HOME, KUBECONFIG: `${box.home}/.kube/config` };
  const first = await box.run("kubectl", ["get", "pods"], { env });
  assertEquals([first.status, first.stdout], [0, "kubectl 1.29.4\n<get>\n<pods>\n"], first.stderr);
  const asked = cluster.mirror.requests.length;

  for (const args of [["get", "nodes"], ["config", "current-context"], ["__complete", "get", ""]]) {
    assertRan(await box.run("kubectl", args, { env }), "1.29.4", args);
  }
  assertRan(
    await box.run("kubectl", ["get", "pods"], { env: { ...env, KUBERLR_ALLOWDOWNLOAD: "false" } }),
    "1.29.4",
    ["get", "pods"],
  );
  const which = await box.run("kuberlr", ["which", "get", "pods"], { env });
  assertEquals([which.status, which.stderr], [0, ""]);
  assertEquals(Deno.statSync(which.stdout.trim()).isFile, true);
  const bins = await box.run("kuberlr", ["bins", "-o", "json"], { env });
  assertEquals(JSON.parse(bins.stdout).map(({ path }: { path: string }) => path), [
    which.stdout.trim(),
  ]);
  assertEquals(cluster.mirror.requests.length, asked);

  // A kubectl in the home wins.
  box.fakeKubectl("1.29.2");
  assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.2", ["get", "pods"]);
});

story("a HOME that cannot be written only costs time", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  const config = box.kubeconfig(kubeconfig().context("prod", { server: api.url }), "config");
  box.fakeKubectl("1.29.4", { folder: box.system });

  // Not even root can write there, and permissions do not stop root.
  const env = { HOME: Deno.build.os === "linux" ? "/proc" : "/dev/null/home", KUBECONFIG: config };
  assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.29.4", ["get", "pods"]);
});

story("a file where the cache should be only costs time", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");
  box.write(box.cache, "not a folder\n");

  for (const args of [["get", "pods"], ["get", "pods"]]) {
    assertRan(await box.run("kubectl", args), "1.29.4", args);
  }
});

story("with any content of the cache, the right kubectl runs", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");
  const args = ["get", "pods"];
  await box.run("kubectl", args);
  const remembered = box.files(box.cache);
  assertEquals(remembered.length > 0, true);

  for (const rubbish of ["", "{", "null", "[]", `{"version":{}}`, "\u0000".repeat(100)]) {
    for (const path of box.files(box.cache)) box.write(`${box.cache}/${path}`, rubbish);
    assertRan(await box.run("kubectl", args), "1.29.4", args);
  }
});

story("a kubectl that has been deleted is not missed for long", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  const first = box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.28.0");
  const args = ["get", "pods"];

  assertRan(await box.run("kubectl", args), "1.29.4", args);
  Deno.removeSync(first);
  assertRan(await box.run("kubectl", args), "1.28.0", args);
  box.fakeKubectl("1.29.0");
  assertRan(await box.run("kubectl", args), "1.29.0", args);
});
