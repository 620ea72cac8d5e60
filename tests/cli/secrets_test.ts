/** Credentials pass through kuberlr to the server they are for, and leave no trace anywhere else. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const SECRETS = ["s3cret-token", "s3cret-password", "s3cret-proxy", "s3cret-flag"];

story("no credential is written to a file, a message or an explanation", async (box) => {
  const authority = await makeAuthority();
  const identity = await authority.client({ user: "admin" });
  await using api = await startApiServer({
    version: "v1.29.1",
    tls: await authority.server(),
    clientCa: authority.certificate,
  });
  const server = { server: api.url, ca: authority.certificate };
  box.kubeconfig(
    kubeconfig()
      .context("token", server, { token: SECRETS[0], identity })
      .context("basic", server, { username: "admin", password: SECRETS[1] })
      .context("proxy", { ...server, "proxy-url": `http://me:${SECRETS[2]}@127.0.0.1:9` }),
  );
  box.fakeKubectl("1.29.4", { then: "exit 0" });

  const env = { KUBERLR_VERBOSITY: "9" };
  let output = "";
  for (const context of ["token", "basic", "proxy"]) {
    for (
      const args of [
        ["kubectl", "get", "pods", `--context=${context}`],
        ["explain", "get", "pods", `--context=${context}`],
        ["explain", "-o", "json", "get", "pods", `--context=${context}`],
      ]
    ) {
      const { stdout, stderr } = await box.run("kuberlr", args, { env });
      output += args[0] === "kubectl" ? stderr : stdout + stderr;
    }
  }
  const flag = ["get", "pods", "--context=token", `--token=${SECRETS[3]}`];
  output += (await box.run("kubectl", flag, { env })).stderr;

  const key = identity.key.split("\n")[1]!;
  for (const secret of [...SECRETS, key]) {
    assertEquals(output.includes(secret), false, output);
    assertEquals(filesWith(box, secret), []);
  }
});

function filesWith(box: Sandbox, secret: string): readonly string[] {
  return box.files(box.home)
    .filter((path) => path.startsWith(".kuberlr/"))
    .filter((path) => {
      const text = Deno.readTextFileSync(`${box.home}/${path}`);
      return text.includes(secret) || text.includes(btoa(secret));
    });
}
