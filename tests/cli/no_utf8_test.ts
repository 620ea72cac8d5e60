/**
 * Variables that are not UTF-8, for example file names in Latin-1: Deno cannot read them, and
 * kubectl gets them unchanged.
 */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const ARGS = ["get", "pods"];

/** Runs kubectl with a variable that contains the byte `\351`. */
function runWith(box: Sandbox, variable: string) {
  const [name, value] = variable.split("=", 2);
  const script = `${name}="$(printf '${value}')"; export ${name}; exec kubectl "$@"`;
  return box.exec("/bin/sh", ["-c", script, "sh", ...ARGS]);
}

story("the cluster of another kubeconfig is not asked", async (box) => {
  await using api = await startApiServer();
  box.kubeconfig(kubeconfig().context("home", { server: api.url }, { token: "home's" }));
  box.fakeKubectl("1.29.2");
  assertRan(await runWith(box, `KUBECONFIG=${box.root}/k\\351.yaml`), "1.29.2", ARGS);
  assertEquals(api.connections, 0);
}, { unix: "every variable is Unicode there" });

story(
  "the working directory's kubeconfig is not asked, and no home by another name is written",
  async (box) => {
    await using api = await startApiServer();
    box.kubeconfig(kubeconfig().context("here", { server: api.url }), "work/.kube/config");
    box.fakeKubectl("1.29.2", { folder: box.system });
    assertRan(await runWith(box, `HOME=${box.root}/j\\351`), "1.29.2", ARGS);
    assertEquals(api.connections, 0);
    assertEquals([...Deno.readDirSync(box.root)].filter(({ name }) => name.startsWith("j")), []);
  },
  { unix: "every variable is Unicode there" },
);

story("the rest of PATH is searched for a plugin", async (box) => {
  const needed = "plugin's";
  const authority = await makeAuthority();
  await using api = await startApiServer({
    version: "v1.30.5",
    tls: await authority.server(),
    token: needed,
    anonymous: false,
  });
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" };
  const answer = JSON.stringify({ ...credential, status: { token: needed } });
  box.write("bin/give-token", `#!/bin/sh\necho '${answer.replaceAll("'", "'\\''")}'\n`, 0o755);
  const exec = {
    apiVersion: credential.apiVersion,
    command: "give-token",
    interactiveMode: "Never",
  };
  box.kubeconfig(
    kubeconfig().context("plugin", { server: api.url, ca: authority.certificate }, { exec }),
  );
  for (const version of ["1.29.2", "1.30.2", "1.33.0"]) box.fakeKubectl(version);
  assertRan(await runWith(box, `PATH=${box.root}/\\351:${box.env.PATH}`), "1.30.2", ARGS);
}, { unix: "every variable is Unicode there" });

story("a loop counter that is not UTF-8 counts as none", async (box) => {
  box.kubeconfig("");
  box.fakeKubectl("1.29.2", { folder: box.system });
  for (let time = 0; time < 2; time++) {
    assertRan(await runWith(box, "KUBERLR_DEPTH=\\351"), "1.29.2", ARGS);
  }
}, { unix: "every variable is Unicode there" });
