/** A cluster that is upgraded between two commands: who notices, and when. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { versionBody } from "../support/api_documents.ts";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const ARGS = ["get", "pods"];

/** Asked as 1.29 by a first command, and 1.31 from then on. */
async function upgraded(box: Sandbox) {
  let version = "v1.29.1";
  const api = await startApiServer({
    answer: () => ({ kind: "body", body: JSON.stringify(versionBody(version)) }),
  });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.29.4");
  const fitting = box.fakeKubectl("1.31.0");
  assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
  version = "v1.31.0";
  return { fitting, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

story("kubectl goes on with what it knows of a server that was upgraded", async (box) => {
  await using _cluster = await upgraded(box);
  assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
  assertRan(await box.run("kubectl", ARGS, { env: { KUBERLR_VERSIONTTL: "0" } }), "1.31.0", ARGS);
});

for (const command of ["get auto --refresh", "clusters --refresh"]) {
  story(`kubectl follows an upgraded server at once after "kuberlr ${command}"`, async (box) => {
    await using cluster = await upgraded(box);
    const run = await box.run("kuberlr", command.split(" "));
    assertEquals([run.status, run.stderr], [0, ""]);
    assertStringIncludes(run.stdout, command.startsWith("get") ? cluster.fitting : "v1.31.0");
    assertRan(await box.run("kubectl", ARGS), "1.31.0", ARGS);
  });
}

for (const command of ["which --refresh", "explain --refresh"]) {
  story(
    `"kuberlr ${command}" tells what fits an upgraded server, and changes nothing`,
    async (box) => {
      await using cluster = await upgraded(box);
      const run = await box.run("kuberlr", command.split(" "));
      assertEquals([run.status, run.stderr], [0, ""]);
      assertStringIncludes(run.stdout, cluster.fitting);
      assertRan(await box.run("kubectl", ARGS), "1.29.4", ARGS);
    },
  );
}
