/** `kuberlr get` downloads kubectls before they are needed. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeKubectlBytes } from "../support/fake_kubectl.ts";
import { startMirror } from "../support/mirror.ts";
import { story, SUFFIX } from "../support/sandbox.ts";
import { assertInstalled, assertNoStack, assertRefused } from "../support/verdicts.ts";

const PLATFORM = `${Deno.build.os}/${Deno.build.arch === "aarch64" ? "arm64" : "amd64"}`;

story(
  "get downloads releases, the newest of a minor, and the stable one, each once",
  async (box) => {
    await using cluster = await startCluster(box, {
      kubectls: ["1.29.3", "1.30.2", "1.30.14", "1.36.1"],
    });
    const paths = ["1.29.3", "1.30.14", "1.36.1"].map((version) => box.kubectl(version));
    const first = await box.run("kuberlr", ["get", "v1.29.3", "1.30", "stable"]);
    assertEquals([first.status, first.stdout], [0, paths.map((path) => `${path}\n`).join("")]);
    assertEquals(cluster.mirror.binaryRequests().length, 3);

    const again = await box.run("kuberlr", ["get", "-o", "json", "1.29.3"]);
    assertEquals([again.status, JSON.parse(again.stdout)], [0, [
      { wanted: "1.29.3", version: "1.29.3", path: paths[0], status: "present" },
    ]]);
    assertEquals(cluster.mirror.binaryRequests().length, 3);
  },
);

story(
  "get auto brings what the current cluster needs, also where commands may not",
  async (box) => {
    await using cluster = await startCluster(box, {
      kubectls: ["1.30.5"],
      api: { version: "v1.30.5-gke.1" },
    });
    const env = { KUBERLR_ALLOWDOWNLOAD: "false" };
    const run = await box.run("kuberlr", ["get", "auto"], { env });
    assertEquals([run.status, run.stdout], [0, `${box.kubectl("1.30.5")}\n`]);
    assertEquals((await box.run("kubectl", ["get", "pods"], { env })).status, 0);
    const again = await box.run("kuberlr", ["get", "auto", "-o", "json"]);
    assertEquals(JSON.parse(again.stdout), [
      {
        wanted: "auto",
        version: "1.30.5",
        path: box.kubectl("1.30.5"),
        status: "present",
      },
    ]);
    assertEquals(cluster.mirror.binaryRequests().length, 1);
  },
);

story("get says which files of a mirror it cannot write", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  box.write("mirror/release/stable-1.30.txt/in the way", "");
  const args = ["get", "1.30", "--to", `${box.root}/mirror`, "--mirror"];
  assertRefused(await box.run("kuberlr", args), {
    status: 125,
    error: /Cannot write ".*stable-1\.30\.txt"/,
    hint: /Move the folder/,
  });
});

story("get fills a mirror that another kuberlr can use", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2", "1.30.14"] });
  const mirror = `${box.root}/mirror`;
  const { os, arch } = Deno.build;
  const goarch = arch === "aarch64" ? "arm64" : "amd64";
  const [here, foreign] = os === "windows"
    ? [`windows/${goarch}/kubectl.exe`, "linux/amd64/kubectl"]
    : [`${os}/${goarch}/kubectl`, "windows/amd64/kubectl.exe"];
  for (const path of [here, foreign]) {
    const platform = path.slice(0, path.lastIndexOf("/"));
    const run = await box.run("kuberlr", [
      "get",
      "1.30",
      "1.30.2",
      `--platform=${platform}`,
      "--to",
      mirror,
      "--mirror",
    ]);
    assertEquals([run.status, run.stdout.split("\n").length], [0, 3], run.stderr);
  }
  assertEquals(box.files(mirror), [
    `release/stable-1.30.txt`,
    ...["1.30.14", "1.30.2"].flatMap((version) =>
      [here, foreign].toSorted().flatMap((path) => [
        `release/v${version}/bin/${path}`,
        `release/v${version}/bin/${path}.sha512`,
      ])
    ),
  ]);
  assertEquals(box.files(box.binaries), []);

  const env = { KUBERLR_KUBEMIRRORURL: encodeURI(`file://${mirror.replace(/^(?!\/)/, "/")}`) };
  const other = await box.run("kuberlr", ["get", "1.30"], { env });
  assertEquals([other.status, other.stdout], [0, `${box.kubectl("1.30.14")}\n`], other.stderr);
});

story(
  "get auto guesses for no context that is not there, and says so of a server that is down",
  async (box) => {
    await using cluster = await startCluster(box, { kubectls: ["1.30.2"] });
    box.fakeKubectl("1.36.0");
    const nowhere = await box.run("kuberlr", ["get", "auto", "--context", "nope"]);
    assertEquals([nowhere.status, nowhere.stdout], [125, ""]);
    assertStringIncludes(
      nowhere.stderr,
      `kuberlr: error: Cannot tell what the cluster needs: the context "nope" does not exist\n`,
    );
    await cluster.api[Symbol.asyncDispose]();
    const down = await box.run("kuberlr", ["get", "auto"]);
    assertEquals([down.status, down.stdout], [0, `${box.kubectl("1.36.0")}\n`], down.stderr);
    assert(
      /^kuberlr: warning: The version of "http[^"]*" is unknown \(.*\): using the newest kubectl\n$/
        .test(down.stderr),
      down.stderr,
    );
  },
);

story("get puts kubectls into a directory by their names", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const run = await box.run("kuberlr", ["get", "1.30.2", "--to", `${box.root}/image`]);
  assertEquals(
    [run.status, run.stdout],
    [0, `${box.kubectl("1.30.2", `${box.root}/image`)}\n`],
    run.stderr,
  );
  assertEquals(box.files(`${box.root}/image`), [`kubectl1.30.2${SUFFIX}`]);
  if (Deno.build.os === "windows") return;
  // Every user of the image can run it.
  assertEquals((Deno.statSync(`${box.root}/image`).mode ?? 0) & 0o777, 0o755 & ~Deno.umask());
});

for (
  const { args, hint } of [
    {
      args: ["get", "pods"],
      hint: `Write 1.30.2, 1.30, stable or auto; kubectl's own "get" is "kuberlr kubectl get pods"`,
    },
    { args: ["get", "stabel"], hint: `Did you mean "stable"?` },
    { args: ["get", "1.30", "--platform", "linux/arm"], hint: `Did you mean "linux/arm64"?` },
    { args: ["get", "1.30", "--mirror"], hint: "Name it with --to" },
  ]
) {
  story(`"${args.join(" ")}" is wrong usage`, async (box) => {
    const run = await box.run("kuberlr", args);
    assertEquals([run.status, run.stdout], [2, ""]);
    assertStringIncludes(run.stderr, `kuberlr: hint: ${hint}\n`);
  });
}

story("get says why a version is not available, and goes on", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const run = await box.run("kuberlr", ["get", "1.30.1", "1.30.2"]);
  assertEquals([run.status, run.stdout], [1, `${box.kubectl("1.30.2")}\n`]);
  assert(/kuberlr: error: .*1\.30\.1/.test(run.stderr), run.stderr);
  assertNoStack(run);
});

story("get accepts a server's version string, and latest for stable", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2", "1.36.1"] });
  const run = await box.run("kuberlr", ["get", "v1.30.2-eks-1552ad0", "v1.30.2+k3s1", "latest"]);
  assertEquals(run.stdout.split("\n").map((path) => path.split("/").at(-1)), [
    `kubectl1.30.2${SUFFIX}`,
    `kubectl1.30.2${SUFFIX}`,
    `kubectl1.36.1${SUFFIX}`,
    "",
  ], run.stderr);
});

story("get -o json reports the result for each version", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const run = await box.run("kuberlr", ["get", "1.30.1", "1.30", "-o", "json"]);
  const [failed, got] = JSON.parse(run.stdout);
  assertEquals([run.status, got], [1, {
    wanted: "1.30",
    version: "1.30.2",
    path: box.kubectl("1.30.2"),
    status: "downloaded",
  }]);
  assertEquals([failed.wanted, failed.status, Object.keys(failed)], [
    "1.30.1",
    "failed",
    ["wanted", "status", "error"],
  ]);
  assertStringIncludes(run.stderr, `kuberlr: error: ${failed.error}\n`);
  const none = await box.run("kuberlr", ["get", "1.30.1", "-o", "json"]);
  assertEquals([none.status, JSON.parse(none.stdout)], [127, [failed]]);
});

story("get --from reads a version a line", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.29.3", "1.30.2"] });
  const file = box.write("versions", "# of the fleet\n\n1.29   # prod\nv1.30.2-gke.1\n");
  const run = await box.run("kuberlr", ["get", "--from", file]);
  assertEquals([run.status, run.stderr.includes("error")], [0, false], run.stderr);
  assertInstalled(box, ["1.29.3", "1.30.2"]);

  box.write("versions", "1.29\nnext\n");
  assertRefused(await box.run("kuberlr", ["get", "--from", file]), {
    status: 2,
    error: /"[^"]*versions", line 2: "next" is not a kubectl version/,
    hint: /Write 1\.30\.2, 1\.30, stable or auto/,
  });
  assertRefused(await box.run("kuberlr", ["get", "--from", `${file}.gone`]), {
    status: 2,
    error: /Cannot read the versions in ".*\.gone": it does not exist/,
    hint: /--from/,
  });
  box.write("versions", "# none yet\n");
  assertEquals((await box.run("kuberlr", ["get", "--from", file])).status, 0);
});

story("get --lock gets the same release and the same bytes tomorrow", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.2", "1.34.0"],
    api: { version: "v1.34.0" },
  });
  const lock = `${box.cwd}/kubectl.lock`;
  const first = await box.run("kuberlr", ["get", "1.30", "auto", "--lock", "kubectl.lock"]);
  assertEquals(first.status, 0, first.stderr);
  const written = Deno.readTextFileSync(lock);
  const [, ...lines] = written.trimEnd().split("\n");
  assertEquals(lines.map((line) => line.replace(/:[0-9a-f]{64}$/, "")), [
    `1.30  1.30.2  ${PLATFORM}  sha256`,
    `1.34.0  1.34.0  ${PLATFORM}  sha256`,
  ]);

  // The mirror gets newer patches; the pipeline keeps its own.
  await using later = await startMirror({
    kubectls: ["1.30.2", "1.30.14", "1.34.0"].map((version) => ({
      version,
      bytes: fakeKubectlBytes(version),
    })),
  });
  const env = { KUBERLR_KUBEMIRRORURL: later.url };
  Deno.removeSync(box.binaries, { recursive: true });
  const again = await box.run("kuberlr", ["get", "--lock", lock], { env });
  assertEquals(again.status, 0, again.stderr);
  assertInstalled(box, ["1.30.2", "1.34.0"]);
  assertEquals(Deno.readTextFileSync(lock), written);
  assertEquals(cluster.mirror.requests.length > 0, true);
});

story("get --lock refuses other bytes, and removes what it has just downloaded", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const entry = (digest: string) => `1.30  1.30.2  ${PLATFORM}  sha256:${digest.repeat(64)}\n`;
  const lock = box.write("kubectl.lock", entry("a"));
  const refusal = {
    status: 127,
    error:
      /kubectl 1\.30\.2 is not the one in ".*kubectl\.lock": its SHA-256 is [0-9a-f]{12}…, not a{12}…$/,
    hint: /It was removed again/,
  };
  const run = await box.run("kuberlr", ["get", "1.30", "--lock", lock]);
  assertRefused({ ...run, stderr: withoutNotes(run.stderr) }, refusal);
  assertInstalled(box, []);
  assertEquals(Deno.readTextFileSync(lock), entry("a"));

  // This command does not remove a file that was there before.
  assertEquals((await box.run("kuberlr", ["get", "1.30.2"])).status, 0);
  assertRefused(await box.run("kuberlr", ["get", "1.30", "--lock", lock]), {
    ...refusal,
    hint: /^kuberlr: hint: Remove ".*kubectl1\.30\.2(?:\.exe)?" to download it again/,
  });
  assertInstalled(box, ["1.30.2"]);
});

story("get --lock leaves a file that is not a lock as it is", async (box) => {
  await using cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const file = box.write("kuberlr.conf", "Timeout = 5\n");
  assertRefused(await box.run("kuberlr", ["get", "1.30", "--lock", file]), {
    status: 2,
    error: /"[^"]*kuberlr\.conf", line 1: this is not a line of a lock file/,
    hint: /another file with --lock/,
  });
  assertEquals([Deno.readTextFileSync(file), cluster.mirror.requests.length], ["Timeout = 5\n", 0]);
});

story("get auto --lock does not lock a path", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [] });
  const path = box.fakeKubectl("1.30.9", { folder: `${box.root}/elsewhere` });
  const run = await box.run("kuberlr", ["get", "auto", "--lock", "kubectl.lock"], {
    env: { KUBERLR_KUBECTL: path },
  });
  assertRefused(run, {
    status: 127,
    error: /Cannot lock ".*kubectl1\.30\.9(?:\.exe)?": a path does not pin a version/,
    hint: /Leave auto out, or pin a version/,
  });
  assertEquals(box.files(box.cwd), []);
});

story("get without a version, a file or a lock is wrong usage", async (box) => {
  for (const args of [["get"], ["get", "--lock", `${box.root}/none.lock`]]) {
    assertRefused(await box.run("kuberlr", args), {
      status: 2,
      error: /"kuberlr get" needs an argument: VERSION…, --from FILE/,
      hint: /"kuberlr help get" shows how to use it/,
    });
  }
});

function withoutNotes(stderr: string): string {
  return stderr.split("\n").filter((line) => /^kuberlr: (?:error|hint):/.test(line)).join("\n");
}

story("get auto -o json keeps its contract for programs that embed kuberlr", async (box) => {
  const cluster = await startCluster(box, { kubectls: ["1.30.5"], api: { version: "v1.30.5" } });
  const args = ["get", "auto", "-o", "json", "--context", "prod"];
  const runs = await Promise.all([1, 2, 3, 4].map(() => box.run("kuberlr", args)));
  const path = box.kubectl("1.30.5");
  for (const { status, stdout } of runs) {
    assertEquals(status, 0);
    const [{ status: got, ...row }, ...others] = JSON.parse(stdout);
    assertEquals([row, others], [{ wanted: "auto", version: "1.30.5", path }, []]);
    assert(["downloaded", "present"].includes(got), got);
  }
  assertEquals(cluster.mirror.binaryRequests().length, 1);
  if (Deno.build.os !== "windows") assert((Deno.statSync(path).mode ?? 0) & 0o100);

  // A call that finds the kubectl sends no request.
  const asked = [cluster.api.requests.length, cluster.mirror.requests.length];
  const quiet = await box.run("kuberlr", args, { env: { KUBERLR_QUIET: "true" } });
  assertEquals([quiet.status, quiet.stderr], [0, ""]);
  assertEquals([cluster.api.requests.length, cluster.mirror.requests.length], asked);

  // An unreachable server is not a failure; a kubeconfig that kubectl refuses is one.
  await cluster[Symbol.asyncDispose]();
  const down = await box.run("kuberlr", [...args, "--refresh"]);
  assertEquals([down.status, JSON.parse(down.stdout)[0].path], [0, path]);
  box.kubeconfig("{ broken");
  const broken = await box.run("kuberlr", ["get", "auto", "-o", "json"]);
  const [{ error, ...failed }] = JSON.parse(broken.stdout);
  assertEquals([broken.status, failed, typeof error], [
    125,
    { wanted: "auto", status: "failed" },
    "string",
  ]);
});
