/**
 * A real kube-apiserver is upgraded between two commands. `KUBEBUILDER_ASSETS` names the folder
 * with `etcd` and `kube-apiserver`, `KUBEBUILDER_ASSETS_NEWER` one with a kube-apiserver that is
 * two or more minors newer.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findNearestKubectl } from "../support/nearest_kubectl.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { ASSETS, NEWER_ASSETS, startRealCluster, versionOf } from "../support/real_apiserver.ts";
import { realKubectls } from "../support/real_kubectls.ts";
import { sandbox } from "../support/sandbox.ts";

const NAME = "kubectl follows a real kube-apiserver that is upgraded";
const missing = ASSETS === undefined
  ? "KUBEBUILDER_ASSETS is not set"
  : NEWER_ASSETS === undefined
  ? "KUBEBUILDER_ASSETS_NEWER is not set"
  : undefined;

Deno.test({
  name: missing === undefined ? NAME : `${NAME} (ignored: ${missing})`,
  ignore: missing !== undefined,
  async fn(t) {
    await using cluster = await startRealCluster(ASSETS!);
    const newer = await versionOf(`${NEWER_ASSETS}/kube-apiserver`);
    const wanted = [cluster.version, newer].map(findNearestKubectl);
    const [before, after] = await realKubectls(wanted);
    await using box = await sandbox();
    for (const { version, path } of [before!, after!]) box.install(version, path);
    const url = await cluster.startServer({ anonymous: true });
    const server = { server: url, ca: cluster.authority.certificate };
    box.kubeconfig(kubeconfig().context("real", server, { token: cluster.token }));
    const run = async (program: "kubectl" | "kuberlr", ...args: string[]) => {
      const { status, stdout, stderr } = await box.run(program, args);
      assertEquals(status, 0, stdout + stderr);
      return { stdout, stderr };
    };
    /** Returns the version that the kubectl reports about itself, and its warnings. */
    const ask = async () => {
      const { stdout, stderr } = await run("kubectl", "version", "-o", "json");
      const { clientVersion, serverVersion } = JSON.parse(stdout);
      return { client: clientVersion.gitVersion, server: serverVersion.gitVersion, stderr };
    };
    const path = (version: string) => `${box.binaries}/kubectl${version}\n`;

    await t.step("before", async () => {
      assertEquals(await ask(), {
        client: `v${before!.version}`,
        server: cluster.version,
        stderr: "",
      });
    });
    await cluster.upgradeServer(NEWER_ASSETS!);

    await t.step("until the answer is an hour old, kubectl is the same, and warns", async () => {
      const { client, server, stderr } = await ask();
      assertEquals([client, server], [`v${before!.version}`, newer]);
      assertStringIncludes(stderr, "exceeds the supported minor version skew");
      assertEquals((await run("kuberlr", "which")).stdout, path(before!.version));
      const { stdout } = await run("kuberlr", "clusters", "--cached", "-o", "json");
      assertEquals(JSON.parse(stdout)[0].version, cluster.version);
    });

    await t.step("doctor asks, and what it says will run is what runs", async () => {
      const { stdout } = await box.run("kuberlr", ["doctor"]);
      const will = `"${box.binaries}/kubectl${after!.version}" will run`;
      assertStringIncludes(stdout, `runs ${newer}, ${cluster.version} until now: ${will}`);
      assertEquals((await run("kuberlr", "which")).stdout, path(after!.version));
      assertEquals(await ask(), { client: `v${after!.version}`, server: newer, stderr: "" });
    });

    await t.step("clusters --check is content", async () => {
      const { stdout } = await run("kuberlr", "clusters", "--check", "-o", "json");
      const [{ version, skew, ok }] = JSON.parse(stdout);
      assertEquals([version, ok], [newer, true]);
      assert(Math.abs(skew) <= 1);
    });
  },
});
