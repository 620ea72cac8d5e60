/** The three ways to call kuberlr: the link, `kuberlr kubectl`, and the management commands. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { story } from "../support/sandbox.ts";
import { assertNoStack, assertRan } from "../support/verdicts.ts";

story(
  "kuberlr kubectl passes every argument on, even those named like its own flags",
  async (box) => {
    await using api = await startApiServer({ version: "v1.29.1" });
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.fakeKubectl("1.29.4");
    const args = ["get", "pods", "--help-me", "-o", "json", "--version"];
    assertRan(await box.run("kuberlr", ["kubectl", ...args]), "1.29.4", args);
  },
);

story(
  "a link of any name that ends in kubectl is kubectl",
  async (box) => {
    box.fakeKubectl("1.29.4");
    Deno.symlinkSync(programUnderTest()[0], `${box.bin}/my-kubectl`);
    assertRan(await box.run("my-kubectl" as "kubectl", ["get"]), "1.29.4", ["get"]);
  },
  {
    unless: programUnderTest().length > 1
      ? "the name of a source's launcher never reaches the program"
      : undefined,
  },
);

story("kuberlr bins lists the installed kubectls", async (box) => {
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.31.0", { folder: box.system });
  box.fakeKubectl("1.31.0.bak", { folder: box.system });
  const run = await box.run("kuberlr", ["bins", "-o", "json"]);
  assertEquals({ status: run.status, stderr: run.stderr }, { status: 0, stderr: "" });
  assertEquals(JSON.parse(run.stdout), [
    {
      version: "1.31.0",
      path: box.kubectl("1.31.0", box.system),
      source: "system",
      digest: "none",
      signature: "none",
    },
    {
      version: "1.29.4",
      path: box.kubectl("1.29.4"),
      source: "local",
      digest: "none",
      signature: "none",
    },
  ]);
});

story("kuberlr version says what it is", async (box) => {
  const run = await box.run("kuberlr", ["version", "-o", "json"]);
  assertEquals(run.status, 0, run.stderr);
  assertMatch(JSON.parse(run.stdout).gitVersion, /^v\d+\.\d+\.\d+/);
});

for (const args of [["help"], ["--help"], ["-h"]]) {
  story(`kuberlr ${args.join(" ")} lists the commands on stdout`, async (box) => {
    const run = await box.run("kuberlr", args);
    assertEquals({ status: run.status, stderr: run.stderr }, { status: 0, stderr: "" });
    for (const command of ["kubectl", "bins", "get", "version"]) {
      assertStringIncludes(run.stdout, command);
    }
  });
}

story("an unknown command suggests the nearest: exit status 2", async (box) => {
  const run = await box.run("kuberlr", ["bin"]);
  assertEquals({ status: run.status, stdout: run.stdout }, { status: 2, stdout: "" });
  assertMatch(run.stderr, /^kuberlr: error: .*bin/);
  assertStringIncludes(run.stderr, "bins");
  assertNoStack(run);
});

story("kuberlr alone shows its help", async (box) => {
  const run = await box.run("kuberlr");
  assertNoStack(run);
  assertMatch(run.stdout + run.stderr, /kuberlr kubectl|Usage/);
});
