/**
 * The server requires credentials: kuberlr uses them as kubectl would, and does not fail if the
 * server refuses.
 */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

for (
  const { name, token, want } of [
    {
      name: "a server that refuses the token gets the newest installed kubectl",
      token: "wrong",
      want: "1.31.0",
    },
    {
      name: "a token opens a server that answers only with one",
      token: "right",
      want: "1.29.4",
    },
  ]
) {
  story(name, async (box) => {
    const authority = await makeAuthority();
    await using api = await startApiServer({
      version: "v1.29.1",
      tls: await authority.server(),
      token: "right",
      anonymous: false,
    });
    box.kubeconfig(
      kubeconfig().context("prod", { server: api.url, ca: authority.certificate }, { token }),
    );
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0");

    assertRan(await box.run("kubectl", ["get", "pods"]), want, ["get", "pods"]);
    assertEquals(
      new Set(api.requests.map(({ authorization }) => authorization)),
      new Set([`Bearer ${token}`]),
    );
  });
}

story("a client certificate opens a server that answers only with one", async (box) => {
  const authority = await makeAuthority();
  await using api = await startApiServer({
    version: "v1.29.1",
    tls: await authority.server(),
    clientCa: authority.certificate,
    anonymous: false,
  });
  box.kubeconfig(
    kubeconfig().context("prod", { server: api.url, ca: authority.certificate }, {
      identity: await authority.client({ user: "admin" }),
    }),
  );
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.4", ["get", "pods"]);
  assertEquals(api.requests.map(({ clientCertificate }) => clientCertificate), ["admin"]);
});

story("a server of another authority gets neither trust nor token", async (box) => {
  const [ours, theirs] = [await makeAuthority(), await makeAuthority()];
  await using api = await startApiServer({ version: "v1.29.1", tls: await theirs.server() });
  box.kubeconfig(
    kubeconfig().context("forged", { server: api.url, ca: ours.certificate }, { token: "secret" }),
  );
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.31.0", ["get", "pods"]);
  assertEquals(api.requests, []);
});
