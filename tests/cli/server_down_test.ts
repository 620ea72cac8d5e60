/**
 * The API server does not answer: kuberlr does not make the command fail, and kubectl reports the
 * problem.
 */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

story("a server that is down gets the newest installed kubectl", async (box) => {
  const { url } = await closedServer();
  box.kubeconfig(kubeconfig().context("down", { server: url }));
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");
  box.fakeKubectl("1.30.2", { folder: box.system });

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.31.0", ["get", "pods"]);
});

story(
  "kubectl's own exit status and message reach the user when the server is down",
  async (box) => {
    const { url } = await closedServer();
    box.kubeconfig(kubeconfig().context("down", { server: url }));
    box.fakeKubectl("1.30.2", { then: "echo 'Unable to connect to the server' >&2; exit 1" });

    const { status, stderr } = await box.run("kubectl", ["get", "pods"]);
    assertEquals({ status, stderr }, { status: 1, stderr: "Unable to connect to the server\n" });
  },
);

story("a server that has gone down keeps the kubectl that fitted it", async (box) => {
  const authority = await makeAuthority();
  const tls = await authority.server();
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.36.0");
  let port;
  {
    await using api = await startApiServer({ version: "v1.30.1", tls });
    port = api.port;
    box.kubeconfig(kubeconfig().context("prod", { server: api.url, ca: authority.certificate }));
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.30.2", ["get", "pods"]);
    assertEquals(api.requests.map(({ path }) => path.split("?")[0]), ["/version"]);
  }
  assertEquals(await isListening(port), false);
  // The answer seems long out of date, so the server is asked again.
  const env = { KUBERLR_VERSIONTTL: "0" };
  assertRan(await box.run("kubectl", ["get", "nodes"], { env }), "1.30.2", ["get", "nodes"]);
});

async function closedServer(): Promise<{ url: string }> {
  await using api = await startApiServer();
  return { url: api.url };
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ port })).close();
    return true;
  } catch {
    return false;
  }
}
