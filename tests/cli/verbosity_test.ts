/** `Verbosity` and `Quiet` decide how much kuberlr prints during a kubectl command. */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { story } from "../support/sandbox.ts";

const GET_PODS = ["get", "pods"];

story("Verbosity = 1 tells of every command what was chosen, and why", async (box) => {
  await using cluster = await startCluster(box, { api: { version: "v1.29.4+k3s1" }, kubectls: [] });
  box.fakeKubectl("1.29.6");
  box.config("Verbosity = 1\n");
  const said = (source: string) =>
    `kuberlr: ${cluster.api.url}: v1.29.4+k3s1 (${source})\n` +
    `kuberlr: Using "${box.kubectl("1.29.6")}": ` +
    "the server's own minor (server 1.29.4), the newest installed\n";

  for (const source of ["probe", "cache", "cache"]) {
    const { status, stdout, stderr } = await box.run("kubectl", GET_PODS);
    assertEquals({ status, stdout, stderr }, {
      status: 0,
      stdout: fakeOutput("1.29.6", GET_PODS),
      stderr: said(source),
    });
  }
});

story("Quiet = true keeps warnings back, too", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.fakeKubectl("1.25.0");
  box.env.KUBERLR_KUBECTL = "1.25";
  const warned = await box.run("kubectl", GET_PODS);
  assertEquals(warned.stderr.startsWith("kuberlr: warning: kubectl 1.25.0"), true, warned.stderr);

  box.config("Quiet = true\nVerbosity = 3\nNoSuchKey = 1\n");
  const { stdout, stderr } = await box.run("kubectl", GET_PODS);
  assertEquals({ stdout, stderr }, { stdout: fakeOutput("1.25.0", GET_PODS), stderr: "" });
});
