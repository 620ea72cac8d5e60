/** Commands that need no server: none is asked, in every position of the flags. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { assertRan, assertRefused } from "../support/verdicts.ts";

const LOCAL: readonly (readonly string[])[] = [
  ["completion", "bash"],
  ["config", "get-contexts"],
  ["--context=prod", "config", "view", "--minify"],
  ["version", "--client"],
  ["version", "--client=true", "-o", "json"],
  ["kustomize", "."],
  ["plugin", "list"],
  ["options"],
  ["help", "get"],
  ["get", "pods", "--help"],
  ["get", "-h"],
  ["--help"],
  [],
  ["__complete", "get", "po"],
  ["__completeNoDesc", "get", ""],
];

for (const args of LOCAL) {
  story(`"kubectl ${args.join(" ")}" asks no server`, async (box) => {
    await using api = await startApiServer({ version: "v1.29.1" });
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0");

    assertRan(await box.run("kubectl", args), "1.31.0", args);
    assertEquals(api.connections, 0);
  });
}

const REMOTE: readonly (readonly string[])[] = [
  ["version"],
  ["version", "--client=false"],
  ["exec", "web", "--", "ls", "--help"],
  ["get", "completion"],
];

for (const args of REMOTE) {
  story(`"kubectl ${args.join(" ")}" asks the server`, async (box) => {
    await using api = await startApiServer({ version: "v1.29.1" });
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0");

    assertRan(await box.run("kubectl", args), "1.29.4", args);
    assertEquals(api.requests.length, 1);
  });
}

story("a local command runs the kubectl that this server was given last", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0");

  await box.run("kubectl", ["get", "pods"]);
  assertRan(await box.run("kubectl", ["completion", "zsh"]), "1.29.4", ["completion", "zsh"]);
  assertEquals(api.requests.length, 1);
});

story("completion downloads nothing", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));

  assertRefused(await box.run("kubectl", ["__complete", "get", "po"]), {
    status: 127,
    error: /kubectl/,
    hint: /kuberlr get/,
  });
  assertEquals(api.connections, 0);
});
