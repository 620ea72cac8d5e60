/** `kuberlr doctor` says which parts of an installation are wrong, and how to mend them. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { startCluster } from "../support/cluster.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { missingMounts, mount, unmount } from "../support/mounts.ts";
import { NOWHERE, type Sandbox, story } from "../support/sandbox.ts";

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly finding: string;
  readonly hint?: string;
}

async function examine(box: Sandbox, env: Record<string, string | undefined> = {}) {
  const run = await box.run("kuberlr", ["doctor", "-o", "json"], { env });
  assertEquals(run.stderr, "");
  const findings = JSON.parse(run.stdout) as readonly Finding[];
  // The finding about the launcher depends on the kubectl in PATH: see launcher_test.ts.
  const checks = findings.filter(({ check }) => check !== "launcher");
  const statuses = Object.fromEntries(checks.map(({ check, status }) => [check, status]));
  return { exitStatus: run.status, findings, statuses };
}

const isFlaw = (name: string) => ({ check, status }: Finding) => check === name && status !== "ok";

const FINE = {
  configuration: "ok",
  folders: "ok",
  kubectls: "ok",
  // If the source is tested, Windows' PATH lacks the program: see the sandbox's `bin`.
  PATH: Deno.build.os === "windows" && programUnderTest().length > 1 ? "warning" : "ok",
  mirror: "ok",
  cluster: "ok",
};

story("doctor finds nothing wrong where nothing is", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  const before = box.files(box.home);
  const { exitStatus, statuses } = await examine(box);
  assertEquals({ exitStatus, statuses }, { exitStatus: 0, statuses: FINE });
  const learned = /^\.kuberlr\/cache\/(locks\/)?servers\//;
  assertEquals(box.files(box.home).filter((path) => !learned.test(path)), before);
});

story("doctor finds a kubectl that has been changed", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  assertEquals((await box.run("kuberlr", ["get", "auto"])).status, 0);
  box.fakeKubectl("1.30.5", { then: "echo changed" });
  const { exitStatus, statuses, findings } = await examine(box);
  assertEquals({ exitStatus, statuses }, {
    exitStatus: 1,
    statuses: { ...FINE, kubectls: "error" },
  });
  assertEquals(findings.filter(isFlaw("kubectls")).map(({ finding }) => finding), [
    `"${box.kubectl("1.30.5")}" is no longer what was downloaded, so it is not run`,
  ]);
});

story("doctor finds folders that others can write, and says how to close them", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  box.fakeKubectl("1.30.2");
  Deno.chmodSync(`${box.home}/.kuberlr`, 0o777);
  const { exitStatus, findings } = await examine(box);
  assertEquals(exitStatus, 1);
  const [finding] = findings.filter(({ check }) => check === "folders");
  assertEquals(
    finding?.hint,
    `Make it a folder that only you can use: chmod 700 ${
      quoteShellWord(`${box.home}/.kuberlr`)
    }, or move it away`,
  );
}, { unix: "access is not told by bits there" });

story("doctor names a folder for memory that others can write once", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  Deno.mkdirSync(box.cache, { recursive: true });
  Deno.chmodSync(box.cache, 0o777);
  const { findings } = await examine(box);
  assertEquals(findings.filter(({ check }) => check === "folders"), [{
    check: "folders",
    status: "error",
    finding: `"${box.cache}" can be written by every user: nothing in it is used`,
    hint: `Make it a folder that only you can use: chmod 700 ${
      quoteShellWord(box.cache)
    }, or move it away`,
  }, {
    check: "folders",
    status: "ok",
    finding: `Meanwhile, what is downloaded and remembered goes to ` +
      `"${box.root}/tmp/kuberlr-kubectls-${Deno.uid()}"`,
  }]);
}, { unix: "access is not told by bits there" });

story("doctor tells whose folder it is, where it is another user's", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  box.fakeKubectl("1.30.2");
  Deno.chownSync(`${box.home}/.kuberlr`, 4_711, null);
  const { findings } = await examine(box);
  assertEquals(findings.filter(({ check }) => check === "folders"), [{
    check: "folders",
    status: "error",
    finding: `"${box.home}/.kuberlr" belongs to another user: nothing in it is used`,
    hint: "Set HOME to this user's own folder",
  }, {
    check: "folders",
    status: "ok",
    finding:
      `Meanwhile, what is downloaded and remembered goes to "${box.root}/tmp/kuberlr-kubectls-0"`,
  }]);
}, { unless: Deno.uid() === 0 ? undefined : "only root can give a folder away" });

story("doctor names the order of PATH, where another kubectl comes before kuberlr", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  box.fakeKubectl("1.30.2", { folder: box.system });
  Deno.mkdirSync(`${box.root}/first`);
  Deno.renameSync(box.kubectl("1.30.2", box.system), `${box.root}/first/kubectl`);
  const { findings } = await examine(box, { PATH: `${box.root}/first:${box.env["PATH"]}` });
  assertEquals(findings.filter(({ check }) => check === "PATH"), [{
    check: "PATH",
    status: "warning",
    finding: `"${box.root}/first/kubectl" is not kuberlr`,
    hint: `Put "${box.bin}" before "${box.root}/first" in PATH`,
  }]);
}, { unix: "its PATH is Unix'" });

story("doctor finds a file where its folder should be", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  box.write("home/.kuberlr", "mine");
  const { exitStatus, findings } = await examine(box);
  assertEquals(exitStatus, 1);
  assertEquals(
    findings.filter(({ check }) => check === "folders").map(({ finding }) => finding),
    [
      `"${box.home}/.kuberlr" is not a folder: nothing in it is used`,
      `Meanwhile, what is downloaded and remembered goes to ` +
      `"${box.root}/tmp/kuberlr-kubectls-${Deno.uid()}"`,
    ],
  );
}, { unix: "its temporary folder bears a user's number" });

story("doctor finds a folder that has a kubectl's name", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  Deno.mkdirSync(box.kubectl("1.30.0"), { recursive: true });
  const { exitStatus, findings } = await examine(box);
  assertEquals(exitStatus, 1);
  assertEquals(findings.filter(({ check }) => check === "folders"), [{
    check: "folders",
    status: "error",
    finding: `"${
      box.kubectl("1.30.0")
    }" has the name of a kubectl, but is not a file: it is not used`,
    hint: "Remove it; it is created again when it is needed",
  }]);
});

story("doctor says what follows where nothing can be written", async (box) => {
  const root = Deno.uid() === 0;
  await using _cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  const closed = `${box.home}/.kuberlr`;
  Deno.mkdirSync(closed, { mode: root ? 0o700 : 0o500 });
  // Only a file system can refuse root.
  if (root) assert(mount(closed, "ro,mode=0700"));
  try {
    const { exitStatus, findings } = await examine(box);
    assertEquals(findings.filter(({ check }) => check === "folders"), [{
      check: "folders",
      status: "warning",
      finding:
        `"${closed}" ${
          root ? "is on a file system that is read-only" : "cannot be written"
        }: what is downloaded and remembered goes to ` +
        `"${box.root}/tmp/kuberlr-kubectls-${Deno.uid()}"`,
      hint: root
        ? `Put "${closed}" on a writable file system`
        : `Make it accessible: chmod u+rwx ${quoteShellWord(closed)}`,
    }]);
    assertEquals([exitStatus, box.files(box.home)], [0, [".kube/config"]]);
  } finally {
    if (root) unmount(closed);
  }
}, {
  unix: "access is not told by bits there",
  unless: Deno.uid() === 0 ? missingMounts : undefined,
});

story("doctor warns of what may be as it should: servers, mirrors, PATH", async (box) => {
  box.fakeKubectl("1.30.5");
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  const other = `${box.root}/other`;
  box.write(`${other}/kubectl`, "#!/bin/sh\n", 0o755);
  const { exitStatus, statuses, findings } = await examine(box, {
    PATH: `${other}:${box.env["PATH"]}`,
  });
  assertEquals({ exitStatus, statuses }, {
    exitStatus: 0,
    statuses: { ...FINE, PATH: "warning", mirror: "warning", cluster: "warning" },
  });
  assertEquals(findings.filter(({ status, hint }) => status !== "ok" && !hint), []);
});

const NO_DOWNLOADS = { KUBERLR_ALLOWDOWNLOAD: "false" };
const MISSING: readonly {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  readonly installed?: string;
  readonly check: string;
}[] = [
  { what: "none is installed, the mirror is down", env: {}, check: "kubectls" },
  { what: "none is installed, downloads are off", env: NO_DOWNLOADS, check: "kubectls" },
  { what: "none fits, the mirror is down", env: {}, installed: "1.20.0", check: "cluster" },
  {
    what: "none fits, downloads are off",
    env: NO_DOWNLOADS,
    installed: "1.20.0",
    check: "cluster",
  },
  {
    what: "the pinned path does not exist",
    env: { KUBERLR_KUBECTL: "/nowhere/kubectl" },
    installed: "1.30.5",
    check: "cluster",
  },
];

for (const { what, env, installed, check } of MISSING) {
  story(`doctor reports an error where no kubectl can run: ${what}`, async (box) => {
    await using api = await startApiServer({ version: "v1.30.5" });
    if (installed !== undefined) box.fakeKubectl(installed);
    const server = check === "cluster" ? api.url : NOWHERE;
    box.kubeconfig(kubeconfig().context("prod", { server }));
    const { exitStatus, findings } = await examine(box, env);
    const errors = findings.filter(({ status }) => status === "error");
    assertEquals([exitStatus, errors.map((finding) => finding.check)], [1, [check]]);
    assertStringIncludes(errors[0]?.finding ?? "", "no kubectl can run");
    const command = await box.run("kubectl", ["get", "pods"], { env });
    assertEquals(command.status, 127);
    assertStringIncludes(command.stderr, `kuberlr: hint: ${errors[0]?.hint}\n`);
  });
}

story("doctor says what to do where no kubeconfig names a server", async (box) => {
  box.fakeKubectl("1.30.2");
  const { stdout } = await box.run("kuberlr", ["doctor"]);
  assertStringIncludes(
    stdout,
    `warning cluster: No kubeconfig names a server, so kubectl asks "http://localhost:8080": `,
  );
  assertMatch(stdout, /→ Name your kubeconfig in KUBECONFIG, or put it at ~\/\.kube\/config\n/);
});

story("doctor finds no error where the newest installed kubectl runs in the end", async (box) => {
  await using api = await startApiServer({ version: "v1.30.5" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.20.0");
  const env = { KUBERLR_USELATESTIFNOCOMPATIBLE: "true" };
  assertEquals((await examine(box, env)).exitStatus, 0);
  assertEquals((await box.run("kubectl", ["get", "pods"], { env })).status, 0);
});

story("doctor names a kubectl without a version in its name, and how to run it", async (box) => {
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  box.fakeKubectl("1.30.5");
  const other = box.write("other/kubectl", "#!/bin/sh\necho other\n", 0o755);
  const folder = `${box.root}/other`;
  for (const env of [{ PATH: `${box.program}:${folder}` }, { KUBERLR_SYSTEMPATH: folder }]) {
    const { exitStatus, findings } = await examine(box, { PATH: box.program, ...env });
    assertEquals(exitStatus, 0);
    assertEquals(findings.filter(({ finding }) => finding.includes(other)), [{
      check: "kubectls",
      status: "ok",
      finding: `"${other}" has no version in its name, so kuberlr does not choose it`,
      hint: `To run it: KUBERLR_KUBECTL=${quoteShellWord(other)} kubectl …`,
    }]);
    const run = await box.run("kubectl", ["get", "pods"], { env: { KUBERLR_KUBECTL: other } });
    assertEquals([run.status, run.stdout], [0, "other\n"]);
  }
}, { unix: "its PATH is Unix'" });

story("doctor takes no kubectl of kuberlr for one without a version", async (box) => {
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  box.fakeKubectl("1.30.5");
  Deno.mkdirSync(`${box.root}/linked`);
  await box.run("kuberlr", ["link", "--dir", `${box.root}/linked`]);
  const { findings } = await examine(box, { PATH: `${box.root}/linked:${box.program}` });
  assertEquals(findings.filter(({ finding }) => finding.includes("no version in its name")), []);
}, { unix: "its PATH is Unix'" });

story("doctor counts the settings that are not the default", async (box) => {
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  const defaults = Object.fromEntries(
    Object.keys(box.env).filter((name) => name.startsWith("KUBERLR_")).map((name) => [name, ""]),
  );
  for (
    const [env, finding] of [
      [{}, "every setting has its default"],
      [{ KUBERLR_TIMEOUT: "1" }, "1 setting differs from its default"],
      [{ KUBERLR_TIMEOUT: "1", KUBERLR_QUIET: "1" }, "2 settings differ from their defaults"],
    ] as const
  ) {
    // The default mirror is not asked.
    const { findings } = await examine(box, { ...defaults, ...env, HTTPS_PROXY: NOWHERE });
    assertEquals(findings.find(({ check }) => check === "configuration")?.finding, finding);
  }
});

story("doctor notices a kuberlr that is older than the mirror's newest minor", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5", "1.99.0"],
    api: { version: "v1.30.5" },
  });
  const { exitStatus, findings } = await examine(box);
  assertEquals(exitStatus, 0);
  assertEquals(findings.filter(({ check }) => check === "kuberlr"), [{
    check: "kuberlr",
    status: "warning",
    finding: "This kuberlr is older than Kubernetes 1.99",
    hint: "Look for a newer one: https://github.com/kuberlr/kuberlr/releases",
  }]);
});

story("doctor asks no mirror where downloads are forbidden", async (box) => {
  await using cluster = await startCluster(box, { kubectls: ["1.30.5"] });
  await examine(box, { KUBERLR_ALLOWDOWNLOAD: "false" });
  assertEquals(cluster.mirror.requests.length, 0);
});

for (
  const { name, env, config } of [
    { name: "NO_COLOR", env: { NO_COLOR: "1" }, config: "" },
    { name: `Color = "never"`, env: {}, config: `Color = "never"\n` },
    { name: "no terminal", env: {}, config: "" },
    { name: `Color = "always"`, env: {}, config: `Color = "always"\n` },
  ]
) {
  story(`doctor heeds ${name}`, async (box) => {
    box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
    box.config(config);
    const { stdout } = await box.run("kuberlr", ["doctor"], { env });
    assertEquals(stdout.includes("\x1b["), name === `Color = "always"`);
  });
}

story("doctor's hint for a foreign kubectl works as it stands", async (box) => {
  box.kubeconfig(kubeconfig().context("down", { server: NOWHERE }));
  const other = `${box.root}/other`;
  const [mine, foreign] = [`${box.root}/my programs`, `${other}/kubectl`];
  const npx = `${box.root}/_npx/1/node_modules/.bin`;
  box.write(foreign, "#!/bin/sh\n", 0o755);
  for (const folder of [mine, npx]) Deno.mkdirSync(folder, { recursive: true });
  box.write("tools/kuberlr", `#!/bin/sh\nexec "${box.bin}/kuberlr" "$@"\n`, 0o755);
  const { PATH = "" } = box.env;
  const rest = [`${box.root}/tools`, ...PATH.split(":").slice(1)].join(":");
  for (
    const { what, path, hint } of [
      {
        what: "a folder of ours comes first",
        path: `${npx}:${mine}:${other}:${rest}`,
        hint: `"kuberlr link --dir '${mine}'" puts kuberlr before it`,
      },
      {
        what: "none of ours comes first",
        path: `${other}:${rest}`,
        hint: `"kuberlr link --dir ${quoteShellWord(`${box.home}/.local/bin`)}" makes one; ` +
          `put that folder before "${other}" in PATH`,
      },
    ]
  ) {
    const { findings } = await examine(box, { PATH: path });
    const found = findings.find(({ check }) => check === "PATH");
    assertEquals([what, found?.finding, found?.hint], [what, `"${foreign}" is not kuberlr`, hint]);
    const [, command = ""] = /"(kuberlr link[^"]*)"/.exec(hint) ?? [];
    const linked = await box.exec("/bin/sh", ["-c", command], { env: { PATH: rest } });
    assertEquals(linked.status, 0, linked.stderr);
  }
  assertEquals(Deno.readTextFileSync(foreign), "#!/bin/sh\n");
}, { unix: "its PATH is Unix'" });

story("doctor reports pins and settings of contexts that have no effect", async (box) => {
  box.kubeconfig(kubeconfig().context("prod-1", { server: NOWHERE }));
  const file = box.config(
    `[Contexts."prod-*"]\nKubectl = "1.29"\n[Contexts.prod-1]\nKubectl = "1.30"\n` +
      `Match = "minor"\n[Contexts.prd]\nKubectl = "1.31"\nMatch = "patch"\n`,
  );
  const { findings } = await examine(box);
  assertEquals(findings.filter(({ check }) => check === "pins").map(({ finding }) => finding), [
    `the pin to 1.30 for "prod-1" in ${file} is never reached: ` +
    `the pin to 1.29 for "prod-*" in ${file} comes first`,
    `the pin to 1.31 for "prd" in ${file} matches no context of the kubeconfig`,
    `the Match = "patch" for "prd" in ${file} matches no context of the kubeconfig`,
  ]);
});

for (
  const { what, current, hint } of [
    {
      what: "nearest",
      current: "prdo",
      hint: `Did you mean "prod"? "kubectl config use-context prod" makes it the current one`,
    },
    { what: "none is near", current: "nirvana", hint: `"kubectl config get-contexts" lists them` },
  ]
) {
  story(`doctor says what helps where the current context does not exist: ${what}`, async (box) => {
    box.kubeconfig(kubeconfig().context("prod", { server: NOWHERE }).current(current));
    const { findings } = await examine(box);
    const cluster = findings.find(({ check }) => check === "cluster");
    assertEquals([cluster?.finding, cluster?.hint], [
      `kubectl will refuse the kubeconfig: the context "${current}" does not exist`,
      hint,
    ]);
    const auto = await box.run("kuberlr", ["get", "auto", "--context", "prdo"]);
    assert(auto.stderr.endsWith(`kuberlr: hint: Did you mean "prod"?\n`), auto.stderr);
  });
}

story("doctor warns of a pin that the server has left behind", async (box) => {
  await using cluster = await startCluster(box, { kubectls: [], api: { version: "v1.34.2" } });
  const kubectl = box.fakeKubectl("1.31.0");
  const file = box.config(`[Contexts.prod]\nKubectl = "1.31"\n`);
  const { findings } = await examine(box);
  assertEquals(findings.filter(({ check }) => check === "cluster"), [{
    check: "cluster",
    status: "warning",
    finding:
      `"${cluster.api.url}" runs v1.34.2: "${kubectl}" will run; kubectl 1.31.0, pinned by ` +
      `${file}, is more than one minor from the server's 1.34.2`,
    hint: `"kuberlr explain" shows how its kubectl is chosen`,
  }]);
});
