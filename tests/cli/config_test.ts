/** `kuberlr config` shows every setting and where it comes from. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { story } from "../support/sandbox.ts";

story("config shows every setting with its origin", async (box) => {
  const file = box.config(`allowdownload = false\n[contexts."prod-*"]\nkubectl = "1.29"\n`);
  const run = await box.run("kuberlr", ["config", "-o", "json"], {
    env: { KUBERLR_TIMEOUT: "2" },
  });
  assertEquals([run.status, run.stderr], [0, ""]);
  const settings = JSON.parse(run.stdout) as { key: string; value: unknown; origin: string }[];
  const find = (key: string) => settings.find((setting) => setting.key === key);
  assertEquals(find("AllowDownload"), { key: "AllowDownload", value: false, origin: file });
  assertEquals(find("Timeout"), { key: "Timeout", value: 2, origin: "KUBERLR_TIMEOUT" });
  assertEquals(find("VersionTTL"), { key: "VersionTTL", value: 3600, origin: "default" });
  assertEquals(find(`Contexts."prod-*".Kubectl`), {
    key: `Contexts."prod-*".Kubectl`,
    value: "1.29",
    origin: file,
  });

  const table = await box.run("kuberlr", ["config"]);
  assertStringIncludes(table.stdout, "KEY");
  assertStringIncludes(table.stdout, file);
});

story("config warns of keys that mean nothing", async (box) => {
  const file = box.config("# mine\nTimeuot = 3\n");
  const run = await box.run("kuberlr", ["config"]);
  assertEquals(run.status, 0);
  assertEquals(
    run.stderr,
    `kuberlr: warning: Unknown key "Timeuot" in "${file}", line 2; did you mean "Timeout"?\n`,
  );
});

story("config and doctor name variables that mean nothing, and kubectl does not", async (box) => {
  box.fakeKubectl("1.30.2");
  const env = {
    KUBERLR_TIMEUOT: "s3cret",
    KUBERLR_RESOLVING_VERSION: "1",
    KUBERLR_DEPTH: "1:1",
  };
  const warning = "Unknown variable KUBERLR_TIMEUOT; did you mean KUBERLR_TIMEOUT?";
  const table = await box.run("kuberlr", ["config"], { env });
  assertEquals([table.status, table.stderr], [0, `kuberlr: warning: ${warning}\n`]);
  assertEquals(table.stdout.includes("s3cret"), false);

  const { stdout } = await box.run("kuberlr", ["doctor", "-o", "json"], { env });
  const [finding] = JSON.parse(stdout);
  assertEquals(finding, {
    check: "configuration",
    status: "warning",
    finding: warning,
    hint: `"kuberlr help config" lists the settings`,
  });
  assertEquals(stdout.includes("s3cret"), false);

  const kubectl = await box.run("kubectl", ["config", "view"], { env });
  assertEquals([kubectl.status, kubectl.stderr], [0, ""]);
});

story(
  "doctor says what is wrong with a broken configuration, and help still works",
  async (box) => {
    const file = box.config("Timeout = soon\n");
    const run = await box.run("kuberlr", ["doctor", "-o", "json"]);
    assertEquals(run.status, 1);
    const [finding] = JSON.parse(run.stdout);
    assertEquals([finding.check, finding.status], ["configuration", "error"]);
    assertStringIncludes(finding.finding, `"${file}", line 1`);
    assertEquals((await box.run("kuberlr", ["help", "config"])).status, 0);
    assertEquals((await box.run("kuberlr", ["version"])).status, 0);
    assertEquals((await box.run("kuberlr", ["bins"])).status, 125);
  },
);

story("an unknown key is warned of on every command, until it is corrected", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  const file = box.config(`AllowDownlaod = false\nSytemPath = "/x"\n`);
  const warnings = [["AllowDownlaod", 1, "AllowDownload"], ["SytemPath", 2, "SystemPath"]]
    .map(([key, line, meant]) =>
      `kuberlr: warning: Unknown key "${key}" in "${file}", line ${line}; did you mean "${meant}"?\n`
    ).join("");
  for (const time of ["first", "second", "third"]) {
    const run = await box.run("kubectl", ["get", "pods"]);
    assertEquals([time, run.status, run.stderr], [time, 0, warnings]);
  }
  box.config("AllowDownload = false\n");
  assertEquals((await box.run("kubectl", ["get", "pods"])).stderr, "");
});
