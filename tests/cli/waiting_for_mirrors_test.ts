/** Every wait for a mirror ends and is announced, and the next command does not repeat it. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeKubectlBytes, fakeOutput } from "../support/fake_kubectl.ts";
import { type Fault, startMirror } from "../support/mirror.ts";
import { NOWHERE, story } from "../support/sandbox.ts";
import { assertRefused } from "../support/verdicts.ts";

story(
  "a silent mirror and a local command: the wait is announced, ends, and is not repeated",
  async (box) => {
    await using mirror = await startMirror({ kubectls: [], fault: () => ({ kind: "silence" }) });
    box.env.KUBERLR_KUBEMIRRORURL = mirror.url;

    const first = await box.run("kubectl", ["completion", "bash"], { timeoutMs: 30_000 });
    assertRefused(first, {
      status: 127,
      error: /nothing came for 3 seconds/,
      hint: /KubeMirrorUrl/,
    });
    assertMatch(first.stderr, new RegExp(`^kuberlr: Waiting for ${mirror.url}$`, "m"));
    assertEquals(mirror.requests.length, 1);

    const second = await box.run("kubectl", ["completion", "bash"]);
    assertRefused(second, {
      status: 127,
      error: /\(\d+ s ago; next attempt in \d+ s\)/,
      hint: /./,
    });
    assertEquals(mirror.requests.length, 1);
  },
);

for (
  const [what, fault, error] of [
    ["breaks off again and again", { kind: "cut", afterBytes: 0 }, /cut off|closed before/],
    ["does not stop", { kind: "endless", bytes: 65_536 }, /larger than 256 KiB/],
  ] as const satisfies readonly (readonly [string, Fault, RegExp])[]
) {
  story(`a mirror that ${what} is not asked by the next command`, async (box) => {
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.5", bytes: fakeKubectlBytes("1.30.5") }],
      fault: () => fault,
    });
    box.env.KUBERLR_KUBEMIRRORURL = mirror.url;
    for (const wanted of [error, /next attempt in \d+ s/]) {
      const before = mirror.requests.length;
      const run = await box.run("kubectl", ["config", "view"]);
      assertRefused(run, { status: 127, error: wanted, hint: /KubeMirrorUrl/ });
      assertEquals(mirror.requests.length > before, wanted === error);
    }
  });
}

story("another patch than the server's is named once there is one to use", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.30.5" },
    kubectls: ["1.29.4"],
  });
  const run = await box.run("kubectl", ["get", "pods"]);
  assertEquals(run.stdout, fakeOutput("1.29.4", ["get", "pods"]), run.stderr);
  assertEquals(run.stderr.match(/kuberlr uses \S+/g), ["kuberlr uses 1.29.4"]);
});

story("a failed download names the kubectl that would fit and is not used", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
  const path = box.fakeKubectl("1.29.0");
  Deno.chmodSync(path, 0o644);
  const hint = new RegExp(`"${path}" is not executable: "kuberlr doctor" says what helps`);
  assertRefused(await box.run("kubectl", ["get", "pods"]), { status: 127, error: /./, hint });
  Deno.chmodSync(path, 0o755);
  Deno.chmodSync(`${box.home}/.kuberlr`, 0o777);
  const shared = new RegExp(`"${path}" is not used, because ".*" can be written by every user: `);
  assertRefused(await box.run("kubectl", ["get"]), { status: 127, error: /./, hint: shared });
}, { unix: "its files have no modes" });

story("a mirror that was down a moment ago: the second one is asked at once", async (box) => {
  await using cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4", "1.20.0"],
  });
  await using silent = await startMirror({ kubectls: [], fault: () => ({ kind: "silence" }) });
  box.env.KUBERLR_KUBEMIRRORURL = `${silent.url},${cluster.mirror.url}`;
  const run = await box.run("kubectl", ["get", "pods"]);
  assertEquals([run.status, run.stdout], [0, fakeOutput("1.29.4", ["get", "pods"])], run.stderr);
  assertEquals(silent.requests.length, 1);

  const other = await box.run("kubectl", ["get", "pods"], { env: { KUBERLR_KUBECTL: "1.20.0" } });
  assertEquals(other.status, 0, other.stderr);
  assertEquals(silent.requests.length, 1);

  // `kuberlr get` with a version always asks the mirror.
  await box.run("kuberlr", ["get", "1.29"]);
  assertEquals(silent.requests.length > 1, true);
});

story("notes on mirrors that another user could have written are ignored", async (box) => {
  await using cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
  });
  const note = { atMs: Date.now(), reason: "it is down", hint: "run evil" };
  const notes = { format: 1, down: { [cluster.mirror.url]: note }, missing: {}, renewed: {} };
  box.write("home/.kuberlr/cache/mirrors.json", JSON.stringify(notes), 0o666);
  const run = await box.run("kubectl", ["get", "pods"]);
  assertEquals([run.status, run.stdout], [0, fakeOutput("1.29.4", ["get", "pods"])], run.stderr);
}, { unix: "its files have no modes" });

story(
  "a failed download names what is installed, how far it is, and how to run it",
  async (box) => {
    await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
    box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
    box.fakeKubectl("1.20.0");
    box.fakeKubectl("1.32.1");
    const run = await box.run("kubectl", ["get", "pods"]);
    assertRefused(run, {
      status: 127,
      error: /1\.29\.4/,
      hint:
        /kubectl 1\.32\.1 is installed, 3 minors newer than the server's 1\.29\.4; to run it anyway: /,
    });
    assertStringIncludes(
      run.stderr,
      Deno.build.os === "windows"
        ? `$env:KUBERLR_KUBECTL = "1.32.1"`
        : "KUBERLR_KUBECTL=1.32.1 kubectl …",
    );
    const again = await box.run("kubectl", ["get", "pods"], { env: { KUBERLR_KUBECTL: "1.32.1" } });
    assertEquals(again.stdout, fakeOutput("1.32.1", ["get", "pods"]));
  },
);

story("a failed download names a kubectl in PATH, and never kuberlr itself", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
  const alone = await box.run("kubectl", ["get", "pods"]);
  assertEquals(alone.stderr.includes(`KUBERLR_KUBECTL=${box.bin}`), false, alone.stderr);

  const path = box.write("other/kubectl", "#!/bin/sh\necho I am another\n", 0o755);
  const env = { PATH: `${box.env.PATH}:${box.root}/other` };
  const run = await box.run("kubectl", ["get", "pods"], { env });
  assertRefused(run, { status: 127, error: /./, hint: /KUBERLR_KUBECTL=\S+ kubectl …/ });
  const value = /KUBERLR_KUBECTL=(\S+)/.exec(run.stderr)?.[1] ?? "";
  // PATH may find a real kubectl of this machine first.
  if (value !== path) return;
  const again = await box.run("kubectl", ["get"], { env: { ...env, KUBERLR_KUBECTL: value } });
  assertEquals(again.stdout, "I am another\n");
}, { unix: "its kubectl is a shell script" });
