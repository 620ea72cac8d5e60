/**
 * A credential plugin that is kubectl itself, or calls it: kuberlr must not ask for the version
 * again and again.
 */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const TOKEN = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",` +
  `"status":{"token":"from-plugin"}}`;

/**
 * Prints a credential when it is called as `kubectl oidc-login …`, which kubectl does for a plugin,
 * and counts the calls.
 */
function loginKubectl(box: Sandbox, version: string): void {
  box.write(
    box.kubectl(version),
    `#!/bin/sh
if [ "$1" = oidc-login ]; then
  echo "\${KUBERLR_RESOLVING_VERSION:-unset}" >> "${box.root}/logins"
  echo '${TOKEN}'
  exit 0
fi
echo "kubectl ${version}"
printf '<%s>\\n' "$@"
`,
    0o755,
  );
}

const PLUGIN = {
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    args: ["oidc-login", "get-token"],
    interactiveMode: "IfAvailable",
  },
};

story("a credential plugin that is kubectl itself runs once", async (box) => {
  const authority = await makeAuthority();
  await using api = await startApiServer({
    version: "v1.29.1",
    tls: await authority.server(),
    token: "from-plugin",
    anonymous: false,
  });
  box.kubeconfig(
    kubeconfig().context("oidc", { server: api.url, ca: authority.certificate }, PLUGIN),
  );
  loginKubectl(box, "1.29.4");
  loginKubectl(box, "1.31.0");

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.4", ["get", "pods"]);
  assertEquals(Deno.readTextFileSync(`${box.root}/logins`), "1\n");
  assertEquals(api.requests.map(({ authorization }) => authorization), [
    undefined,
    "Bearer from-plugin",
  ]);
}, { unix: "its plugin is a shell script" });

story("a server that answers anybody is not asked through the plugin", async (box) => {
  const authority = await makeAuthority();
  await using api = await startApiServer({ version: "v1.29.1", tls: await authority.server() });
  box.kubeconfig(
    kubeconfig().context("oidc", { server: api.url, ca: authority.certificate }, PLUGIN),
  );
  loginKubectl(box, "1.29.4");

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.4", ["get", "pods"]);
  assertEquals(box.files(box.root).includes("logins"), false);
}, { unix: "its plugin is a shell script" });

for (const marker of ["KUBERNETES_EXEC_INFO", "KUBERLR_RESOLVING_VERSION"]) {
  story(`inside a credential plugin (${marker}) no server is asked`, async (box) => {
    await using api = await startApiServer({ version: "v1.29.1" });
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0");

    const env = { [marker]: marker === "KUBERNETES_EXEC_INFO" ? "{}" : "1" };
    assertRan(await box.run("kubectl", ["oidc-login"], { env }), "1.31.0", ["oidc-login"]);
    assertEquals(api.connections, 0);
  });
}

story("a link to kuberlr that poses as a kubectl does not loop", async (box) => {
  Deno.symlinkSync(`${box.bin}/kubectl`, box.kubectl("1.30.0", box.system));
  await using api = await startApiServer({ version: "v1.30.0" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));

  const run = await box.run("kubectl", ["get", "pods"]);
  // An executable recognizes itself (127: no kubectl). A launcher is another file, so the depth
  // counter ends the loop (125).
  assertEquals([125, 127].includes(run.status), true, run.stderr);
  assertEquals(run.stdout, "");
}, { unix: "links are a privilege there" });
