/**
 * The API server accepts the connection and never answers, or never stops: `Timeout` ends the wait.
 */
import { assertEquals } from "@std/assert";
import { type Answer, startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { assertRan } from "../support/verdicts.ts";

const HANGS: Readonly<Record<string, Answer>> = {
  "says nothing": { kind: "hang" },
  "sends a byte now and then without end": { kind: "drip" },
};

for (const [name, answer] of Object.entries(HANGS)) {
  story(`a server that ${name} is given up after Timeout`, async (box) => {
    await using api = await startApiServer({ answer });
    box.kubeconfig(kubeconfig().context("hangs", { server: api.url }));
    box.config("Timeout = 0.5\n");
    box.fakeKubectl("1.30.2");

    // The story's limit of 60 seconds proves that the wait ends.
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.30.2", ["get", "pods"]);
    assertEquals(api.requests.length, 1);
  });
}

for (const [name, answer] of Object.entries(HANGS)) {
  story(`a wait of more than two seconds for a server that ${name} is told`, async (box) => {
    await using api = await startApiServer({ answer });
    box.kubeconfig(kubeconfig().context("hangs", { server: api.url }));
    box.config("Timeout = 2.5\n");
    box.fakeKubectl("1.30.2");
    const args = ["get", "pods"];

    const { stdout, stderr } = await box.run("kubectl", args);
    assertEquals([stdout, stderr], [
      fakeOutput("1.30.2", args),
      `kuberlr: Waiting for ${api.url}\n`,
    ]);
    // The server is not asked again.
    assertRan(await box.run("kubectl", args), "1.30.2", args);
    Deno.removeSync(box.cache, { recursive: true });
    assertRan(await box.run("kubectl", args, { env: { KUBERLR_QUIET: "true" } }), "1.30.2", args);
  });
}

story("a server that hangs is not asked again by the next command", async (box) => {
  await using api = await startApiServer({ answer: { kind: "hang" } });
  box.kubeconfig(kubeconfig().context("hangs", { server: api.url }));
  box.config("Timeout = 0.5\n");
  box.fakeKubectl("1.30.2");

  assertRan(await box.run("kubectl", ["get", "pods"]), "1.30.2", ["get", "pods"]);
  assertRan(await box.run("kubectl", ["get", "nodes"]), "1.30.2", ["get", "nodes"]);
  assertEquals(api.connections, 1);
});

story("--request-timeout ends the wait sooner, which counts for commands as short", async (box) => {
  await using api = await startApiServer({ answer: { kind: "hang" } });
  box.kubeconfig(kubeconfig().context("hangs", { server: api.url }));
  // This is longer than the story's limit, so only the flag can end the wait.
  box.config("Timeout = 600\n");
  box.fakeKubectl("1.30.2");

  const impatient = ["get", "pods", "--request-timeout=300ms"];
  assertRan(await box.run("kubectl", impatient), "1.30.2", impatient);
  assertRan(await box.run("kubectl", impatient), "1.30.2", impatient);
  assertEquals(api.connections, 1);
  const longer = ["get", "pods", "--request-timeout=400ms"];
  assertRan(await box.run("kubectl", longer), "1.30.2", longer);
  assertEquals(api.connections, 2);
});
