/**
 * kuberlr with a real kube-apiserver: every way to authenticate, with anonymous requests allowed
 * and forbidden. `KUBEBUILDER_ASSETS` names the folder with `etcd` and `kube-apiserver`.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { findNearestKubectl } from "../support/nearest_kubectl.ts";
import { kubeconfig, type UserEntry } from "../support/kubeconfig_builder.ts";
import { ASSETS, type RealCluster, startRealCluster } from "../support/real_apiserver.ts";
import { realKubectls } from "../support/real_kubectls.ts";
import { type Sandbox, sandbox } from "../support/sandbox.ts";

const NAME = "kuberlr kubectl get namespaces of a real kube-apiserver";

/**
 * A version that no running cluster has. If the server's version is unknown, the newest installed
 * kubectl runs, which is the other one.
 */
const OLD = "1.20.0";

Deno.test({
  name: ASSETS === undefined ? `${NAME} (ignored: KUBEBUILDER_ASSETS is not set)` : NAME,
  ignore: ASSETS === undefined,
  async fn(t) {
    await using cluster = await startRealCluster(ASSETS!);
    const [old, fitting] = await realKubectls([OLD, findNearestKubectl(cluster.version)]);
    const alice = await cluster.authority.client({ user: "alice", groups: ["system:masters"] });
    const stranger = await cluster.authority.client({ user: "stranger" });

    for (const anonymous of [true, false]) {
      const url = await cluster.startServer({ anonymous });
      const step = (
        name: string,
        user: (box: Sandbox) => UserEntry,
        check: (world: World) => Promise<void>,
      ) =>
        t.step(`anonymous ${anonymous ? "on" : "off"}: ${name}`, async () => {
          await using box = await sandbox();
          for (const { version, path } of [old!, fitting!]) box.install(version, path);
          const server = { server: url, ca: cluster.authority.certificate };
          box.kubeconfig(kubeconfig().context("real", server, user(box)));
          await check({ box, cluster, kubectl: fitting!.version });
        });

      await step("a token of the token file", () => ({ token: cluster.token }), works);
      await step("a client certificate", () => ({ identity: alice }), works);
      await step(
        "tokenFile",
        (box) => ({ tokenFile: box.write("home/token", `${cluster.token}\n`) }),
        works,
      );
      await step("a credential plugin", (box) => plugin(box, cluster.token), async (world) => {
        await works(world);
        // One run is kubectl's own. A server that allows anonymous requests is asked without the
        // plugin.
        assertEquals(pluginRuns(world.box), anonymous ? 1 : 2);
        const again = await world.box.run("kuberlr", [
          "kubectl",
          "get",
          "namespaces",
          "-o",
          "name",
        ]);
        assertEquals(again.status, 0, again.stderr);
        assertEquals(pluginRuns(world.box), anonymous ? 2 : 3);
      });
      await step(
        "a user without rights learns the version all the same",
        () => ({ identity: stranger }),
        async ({ box, cluster, kubectl }) => {
          const { status, stderr } = await box.run("kuberlr", ["kubectl", "get", "namespaces"]);
          assertEquals(status, 1);
          assertMatch(stderr, /^Error from server \(Forbidden\): .*User "stranger" cannot list/);
          await knows(box, cluster.version, kubectl);
        },
      );
      await step(
        "a wrong token is kubectl's to report",
        () => ({ token: "wrong" }),
        async ({ box }) => {
          const { status, stdout, stderr } = await box.run("kuberlr", ["kubectl", "get", "ns"]);
          assertEquals({ status, stdout }, { status: 1, stdout: "" });
          assertMatch(stderr, /You must be logged in to the server/);
          assert(!stderr.includes("kuberlr:"), stderr);
        },
      );
    }
  },
});

interface World {
  readonly box: Sandbox;
  readonly cluster: RealCluster;
  /** The version of the kubectl that fits. */
  readonly kubectl: string;
}

async function works({ box, cluster, kubectl }: World): Promise<void> {
  const args = ["kubectl", "get", "namespaces", "-o", "name"];
  const { status, stdout, stderr } = await box.run("kuberlr", args);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  assert(stdout.split("\n").includes("namespace/default"), stdout);
  await knows(box, cluster.version, kubectl);
}

/** Asserts that the version came from the server, and that kuberlr chose the kubectl by it. */
async function knows(box: Sandbox, version: string, kubectl: string): Promise<void> {
  const { stdout } = await box.run("kuberlr", ["explain", "-o", "json", "get", "namespaces"]);
  const { version: known, plan } = JSON.parse(stdout);
  assertEquals({ value: known.value, source: known.source }, { value: version, source: "cache" });
  assertEquals(plan.version, kubectl);
}

function plugin(box: Sandbox, token: string): UserEntry {
  const credential = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token },
  });
  const script = `#!/bin/sh\necho ran >> '${box.root}/runs'\necho '${credential}'\n`;
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: box.write("home/plugin", script, 0o755),
      interactiveMode: "Never",
    },
  };
}

function pluginRuns(box: Sandbox): number {
  return Deno.readTextFileSync(`${box.root}/runs`).trimEnd().split("\n").length;
}
