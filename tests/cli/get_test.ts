/** kubectls before they are needed. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { story } from "../support/sandbox.ts";
import { assertNoStack, assertRefused } from "../support/verdicts.ts";

story(
  "get downloads releases, the newest of a minor, and the stable one, each once",
  async (box) => {
    await using cluster = await startCluster(box, {
      kubectls: ["1.29.3", "1.30.2", "1.30.14", "1.36.1"],
    });
    const paths = ["1.29.3", "1.30.14", "1.36.1"].map((version) =>
      `${box.binaries}/kubectl${version}`
    );
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
    assertEquals([run.status, run.stdout], [0, `${box.binaries}/kubectl1.30.5\n`]);
    assertEquals((await box.run("kubectl", ["get", "pods"], { env })).status, 0);
    const again = await box.run("kuberlr", ["get", "auto", "-o", "json"]);
    assertEquals(JSON.parse(again.stdout), [
      {
        wanted: "auto",
        version: "1.30.5",
        path: `${box.binaries}/kubectl1.30.5`,
        status: "present",
      },
    ]);
    assertEquals(cluster.mirror.binaryRequests().length, 1);
  },
);

story("get says what it cannot write of a mirror", async (box) => {
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
  for (const platform of [`${os}/${goarch}`, "windows/amd64"]) {
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
      [`${os}/${goarch}/kubectl`, "windows/amd64/kubectl.exe"].flatMap((path) => [
        `release/v${version}/bin/${path}`,
        `release/v${version}/bin/${path}.sha512`,
      ])
    ),
  ]);
  assertEquals(box.files(box.binaries), []);

  const env = { KUBERLR_KUBEMIRRORURL: `file://${mirror}` };
  const other = await box.run("kuberlr", ["get", "1.30"], { env });
  assertEquals([other.status, other.stdout], [0, `${box.binaries}/kubectl1.30.14\n`], other.stderr);
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
    assertEquals([down.status, down.stdout], [0, `${box.binaries}/kubectl1.36.0\n`], down.stderr);
    assert(/^kuberlr: warning: What http.* needs is a guess: .*\n$/.test(down.stderr), down.stderr);
  },
);

story("get puts kubectls into a directory by their names", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const run = await box.run("kuberlr", ["get", "1.30.2", "--to", `${box.root}/image`]);
  assertEquals([run.status, run.stdout], [0, `${box.root}/image/kubectl1.30.2\n`], run.stderr);
  assertEquals(box.files(`${box.root}/image`), ["kubectl1.30.2"]);
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

story("get says of each version why it cannot be had, and goes on", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.30.2"] });
  const run = await box.run("kuberlr", ["get", "1.30.1", "1.30.2"]);
  assertEquals([run.status, run.stdout], [1, `${box.binaries}/kubectl1.30.2\n`]);
  assert(/kuberlr: error: .*1\.30\.1/.test(run.stderr), run.stderr);
  assertNoStack(run);
});
