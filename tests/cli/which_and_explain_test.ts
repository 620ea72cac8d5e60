/**
 * `which` and `explain` say which kubectl would run, and why. They run and download nothing, and
 * remember only the server's answer.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { startCluster } from "../support/cluster.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { NOWHERE, type Sandbox, story } from "../support/sandbox.ts";

story(
  "which prints the path of the kubectl that would run, and writes down only what it learned",
  async (box) => {
    await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
    box.fakeKubectl("1.30.2");
    const newer = box.fakeKubectl("1.31.0", { folder: box.system });
    const before = learned(box);
    for (const args of [["which"], ["which", "get", "pods", "-o", "json"], ["which", "kubectl"]]) {
      const run = await box.run("kuberlr", args);
      assertEquals(run.stdout, `${box.kubectl("1.30.2")}\n`);
      assertEquals([run.status, run.stderr], [0, ""]);
    }
    assertEquals(learned(box), before);

    const other = await box.run("kuberlr", ["which"], { env: { KUBERLR_KUBECTL: "1.31" } });
    assertEquals([other.stdout, other.status], [`${newer}\n`, 0]);
  },
);

story("which prints the future path of a kubectl that is not downloaded yet", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5-gke.100" },
  });
  const run = await box.run("kuberlr", ["which", "get", "pods"]);
  assertEquals([run.status, run.stdout], [0, `${box.kubectl("1.30.5")}\n`]);
  assertStringIncludes(run.stderr, "It is not installed yet");
  assertEquals(cluster.mirror.requests.length, 0);
  assertEquals(learned(box), [".kube/config"]);
});

story("which fails with the status that kubectl would fail with", async (box) => {
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  const run = await box.run("kuberlr", ["which", "get", "pods"], {
    env: { KUBERLR_ALLOWDOWNLOAD: "false" },
  });
  assertEquals([run.status, run.stdout], [127, ""]);
  assert(/^kuberlr: error: .*\nkuberlr: hint: .*\n$/.test(run.stderr), run.stderr);
});

story("explain tells every stage, its source, and no secret", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5-eks-036c24b", token: "marked-secret" },
  });
  box.kubeconfig(
    kubeconfig().context("prod", { server: cluster.api.url, "insecure-skip-tls-verify": true }, {
      token: "marked-secret",
    }),
  );
  box.config("Timeout = 7\n");
  box.fakeKubectl("1.27.1");
  box.fakeKubectl("1.29.0", { folder: box.system });
  const before = learned(box);

  const run = await box.run("kuberlr", ["explain", "-o", "json", "get", "pods", "-o", "yaml"]);
  assertEquals([run.status, run.stderr], [0, ""]);
  assert(!run.stdout.includes("marked-secret"), run.stdout);
  // `unversioned` is left out, because the machine may have a /usr/bin/kubectl.
  const { stages, files, launcher, unversioned: _, ...explanation } = JSON.parse(run.stdout);
  // It is only there if the kubectl in PATH is a launcher: see launcher_test.ts.
  if (launcher !== undefined) {
    assertEquals(launcher, {
      follows: false,
      reason: "no choice for this command is remembered yet",
    });
  }
  const config = `${box.home}/.kube/config`;
  assertEquals(explanation, {
    server: cluster.api.url,
    context: "prod",
    cluster: "prod",
    user: "prod",
    local: false,
    version: { value: "v1.30.5-eks-036c24b", source: "probe", ageSeconds: 0 },
    window: { oldest: "1.29", newest: "1.31" },
    candidates: explanation.candidates,
    plan: {
      kind: "use",
      path: box.kubectl("1.29.0", box.system),
      version: "1.29.0",
      reason: explanation.plan.reason,
    },
    origins: [
      { what: "context", from: `${config}: current-context` },
      { what: "cluster", from: `${config}: contexts["prod"].cluster` },
      { what: "user", from: `${config}: contexts["prod"].user` },
      { what: "server", from: `${config}: clusters["prod"].server` },
    ],
    settings: [
      { key: "SystemPath", value: box.system, origin: "KUBERLR_SYSTEMPATH" },
      { key: "Timeout", value: 7, origin: `${box.home}/.kuberlr/kuberlr.conf` },
      { key: "KubeMirrorUrl", value: cluster.mirror.url, origin: "KUBERLR_KUBEMIRRORURL" },
      { key: "Digests", value: "mirror", origin: "KUBERLR_DIGESTS" },
    ],
    warnings: [],
  });
  assertEquals(
    explanation.candidates.map(({ path, version, source }: Record<string, string>) => [
      path,
      version,
      source,
    ]),
    [
      [box.kubectl("1.29.0", box.system), "1.29.0", "system"],
      [box.kubectl("1.27.1"), "1.27.1", "local"],
    ],
  );
  assert(
    explanation.candidates.every(({ verdict }: { verdict: string }) => verdict.length > 0),
    run.stdout,
  );
  assertEquals(stages.map(({ name }: { name: string }) => name), [
    "configuration",
    "kubeconfig",
    "server version",
    "kubectls",
  ]);
  assertEquals(
    files.filter(({ found }: { found: boolean }) => found).map(({ path }: { path: string }) =>
      path
    ),
    [`${box.home}/.kuberlr/kuberlr.conf`, config],
  );
  assertEquals(learned(box), before);
  assertEquals(cluster.mirror.requests.length, 0);
});

story("explain names a kubectl without a version in its name, and how to run it", async (box) => {
  const other = box.write("with space/kubectl", "#!/bin/sh\necho other\n", 0o755);
  const env = { PATH: box.program, KUBERLR_SYSTEMPATH: `${box.root}/with space` };
  const json = await box.run("kuberlr", ["explain", "-o", "json"], { env });
  const { unversioned } = JSON.parse(json.stdout);
  assertEquals(unversioned, { path: other, command: `KUBERLR_KUBECTL='${other}' kubectl …` });
  const command = unversioned.command.replace("…", "get pods");
  const run = await box.exec("/bin/sh", ["-c", command], { env });
  assertEquals([run.status, run.stdout], [0, "other\n"]);
  const text = await box.run("kuberlr", ["explain"], { env });
  assertStringIncludes(
    text.stdout,
    `  "${other}" has no version in its name and is not chosen; ` +
      `to run it: ${unversioned.command}\n`,
  );
}, { unix: "its PATH is Unix'" });

story("explain tells people the same as JSON", async (box) => {
  await using cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  const run = await box.run("kuberlr", ["explain", "get", "pods"]);
  assertEquals([run.status, run.stderr], [0, ""]);
  const config = `${box.home}/.kube/config`;
  for (
    const line of [
      `  read    ${config}`,
      `  context  prod, by ${config}: current-context`,
      `  server   ${cluster.api.url}, by ${config}: clusters["prod"].server`,
      `  version  v1.30.5, by asking the server`,
      `  window   kubectl 1.29 to 1.31, by the version skew policy`,
      `  download  kubectl 1.30.5`,
    ]
  ) {
    assertStringIncludes(`${run.stdout}\n`, `${line}\n`);
  }
});

story("explain knows local commands, old answers, refusals and pins", async (box) => {
  const api = await startApiServer({ version: "v1.30.5" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.25.0");
  await box.run("kubectl", ["get", "pods"]);
  assertEquals((await explain(box, ["get", "pods"])).version.source, "cache");
  assertEquals((await explain(box, ["--refresh", "get", "pods"])).version.source, "probe");
  await api[Symbol.asyncDispose]();

  const stale = await explain(box, ["--refresh", "get", "pods"]);
  assertEquals([stale.version.source, stale.version.value], ["stale", "v1.30.5"]);
  const local = await explain(box, ["version", "--client"]);
  assertEquals([local.local, local.plan.path], [true, box.kubectl("1.30.2")]);
  const refused = await explain(box, ["--context", "gone", "get", "pods"]);
  assert(/gone/.test(refused.refused), JSON.stringify(refused));
  assertEquals(refused.server, "");

  box.config(`[Contexts."pr*"]\nKubectl = "1.25"\n`);
  const pinned = await explain(box, ["get", "pods"]);
  assertEquals(pinned.pin, {
    kubectl: "1.25",
    context: "pr*",
    origin: `${box.home}/.kuberlr/kuberlr.conf`,
  });
  assertEquals([pinned.plan.path, typeof pinned.plan.warning], [
    box.kubectl("1.25.0"),
    "string",
  ]);
});

for (const command of ["which", "explain"]) {
  for (const flag of ["--refresh", ...(command === "explain" ? ["-o json"] : [])]) {
    story(`${command} says that ${flag} behind kubectl's words is kubectl's`, async (box) => {
      await using _cluster = await startCluster(box, { kubectls: [] });
      box.fakeKubectl("1.30.2");
      const words = ["get", "pods", ...flag.split(" ")];
      const note = `kuberlr: "${flag}" after kubectl's words belongs to kubectl; ` +
        `flags of kuberlr come first: "kuberlr ${command} ${flag} …"\n`;
      assertEquals((await box.run("kuberlr", [command, ...words])).stderr, note);
      const quiet = await box.run("kuberlr", [command, ...flag.split(" "), ...words]);
      assertEquals(quiet.stderr, "");
      const run = await box.run("kuberlr", [command, "exec", "pod", "--", ...flag.split(" ")]);
      assertEquals(run.stderr, "");
    });
  }
}

/** Returns the files at home, without the server's record and its lock. */
function learned(box: Sandbox): readonly string[] {
  return box.files(box.home).filter((path) => !/^\.kuberlr\/cache\/.*servers\//.test(path));
}

// deno-lint-ignore no-explicit-any
async function explain(box: Sandbox, args: readonly string[]): Promise<any> {
  const { status, stdout, stderr } = await box.run("kuberlr", ["explain", "-ojson", ...args]);
  assertEquals([status, stderr], [0, ""]);
  return JSON.parse(stdout);
}
