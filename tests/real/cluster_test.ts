/**
 * Whole clusters and the public mirror: CI starts clusters of several versions with kind and names
 * their kubeconfig in `KUBERLR_TEST_KUBECONFIG`. The tests change nothing in them.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { sandbox } from "../support/sandbox.ts";

const KUBECONFIG = Deno.env.get("KUBERLR_TEST_KUBECONFIG");
const MIRROR = Deno.env.get("KUBERLR_TEST_MIRROR") ?? "https://dl.k8s.io";
const reason = KUBECONFIG ? "" : " (ignored: KUBERLR_TEST_KUBECONFIG names no cluster)";

Deno.test({
  name: `a cluster gets the kubectl of its own release, and keeps it${reason}`,
  ignore: reason !== "",
  async fn() {
    await using box = await sandbox();
    const env = { KUBECONFIG, KUBERLR_KUBEMIRRORURL: MIRROR };
    const run = (...args: readonly string[]) =>
      box.run("kubectl", args, { env, timeoutMs: 300_000 });

    const first = await run("version", "-o", "json");
    assertEquals(first.status, 0, first.stderr);
    assertMatch(first.stderr, /^kuberlr: .*ownload/);
    const { clientVersion, serverVersion } = JSON.parse(first.stdout);
    assertEquals(clientVersion.gitVersion, serverVersion.gitVersion.replace(/[-+].*/, ""));

    const second = await run("get", "namespaces", "-o", "name");
    assertEquals([second.status, second.stderr], [0, ""]);
    assertMatch(second.stdout, /^namespace\/default$/m);
  },
});
