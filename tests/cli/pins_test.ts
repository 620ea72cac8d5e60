/** Pins: by the context's name, and by KUBERLR_KUBECTL. */
import { assert, assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { story } from "../support/sandbox.ts";
import { assertRan, assertRefused } from "../support/verdicts.ts";

const ARGS = ["get", "pods"];

story("a context's pin wins over the server's version", async (box) => {
  await using cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.31.0");
  box.config(`[Contexts."other-*"]\nKubectl = "1.30"\n[Contexts."pr*d"]\nKubectl = "v1.31.0"\n`);
  assertRan(await box.run("kubectl", ARGS), "1.31.0", ARGS);
  assertEquals(cluster.mirror.requests.length, 0);
});

story("KUBERLR_KUBECTL wins over a context's pin", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.31.0");
  box.config(`[Contexts.prod]\nKubectl = "1.31"\n`);
  const env = { KUBERLR_KUBECTL: "1.30" };
  assertRan(await box.run("kubectl", ARGS, { env }), "1.30.2", ARGS);
});

story("a pin to a path runs that path", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  const path = box.fakeKubectl("1.30.9", { folder: `${box.root}/elsewhere` });
  const env = { KUBERLR_KUBECTL: path };
  assertRan(await box.run("kubectl", ARGS, { env }), "1.30.9", ARGS);
});

story("a pinned path is looked at on every command", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  const path = box.fakeKubectl("1.30.9", { folder: `${box.root}/elsewhere` });
  const env = { KUBERLR_KUBECTL: path };
  assertRan(await box.run("kubectl", ARGS, { env }), "1.30.9", ARGS);
  Deno.removeSync(path);
  assertRefused(await box.run("kubectl", ARGS, { env }), {
    status: 127,
    error: /KUBERLR_KUBECTL.*does not exist/,
    hint: /pin/,
  });
});

story("a pinned path that cannot be checked is not reported as a bug", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  const circle = `${box.root}/circle`;
  Deno.symlinkSync("circle", circle);
  const file = box.write("file", "");
  const pipe = `${box.root}/pipe`;
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  const faults = [
    [circle, "cannot be read: "],
    [`${file}/kubectl`, "cannot be read: "],
    [box.root, "is a folder"],
    [pipe, "is a pipe, a socket or a device"],
    ["/dev/null", "is a pipe, a socket or a device"],
  ] as const;
  for (const [path, fault] of faults) {
    assertRefused(await box.run("kubectl", ARGS, { env: { KUBERLR_KUBECTL: path } }), {
      status: 127,
      error: new RegExp(`KUBERLR_KUBECTL, and the pinned path ${fault}`),
      hint: /pin/,
    });
  }
  box.config(`[Contexts.prod]\nKubectl = "/x\\u0000y"\n`);
  assertRefused(await box.run("kubectl", ARGS), { status: 127, error: /cannot be/, hint: /pin/ });
}, { unix: "its paths are Unix'" });

story("a pin outside the skew window is obeyed, with one warning each time", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.25.1");
  box.config(`[Contexts.prod]\nKubectl = "1.25"\n`);
  for (let time = 0; time < 2; time++) {
    const run = await box.run("kubectl", ARGS);
    assertEquals([run.status, run.stdout], [0, "kubectl 1.25.1\n<get>\n<pods>\n"]);
    assert(/^kuberlr: warning: [^\n]*1\.25[^\n]*\n$/.test(run.stderr), run.stderr);
  }
});

story("a pin that is not here is downloaded", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.29.7"],
    api: { version: "v1.30.5" },
  });
  box.fakeKubectl("1.30.2");
  box.config(`[Contexts.prod]\nKubectl = "1.29"\n`);
  const run = await box.run("kubectl", ARGS);
  assertEquals([run.status, run.stdout], [0, "kubectl 1.29.7\n<get>\n<pods>\n"]);
  assertEquals(cluster.mirror.binaryRequests().length, 1);
});

story("a pin that is not available: the error names the file that sets it", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  const file = box.config(`AllowDownload = false\n[Contexts.prod]\nKubectl = "1.29"\n`);
  const run = await box.run("kubectl", ARGS);
  assertRefused(run, { status: 127, error: /1\.29/, hint: /./ });
  assert(run.stderr.includes(file), run.stderr);
});

story("a pin that no mirror has: the error names the variable that sets it", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  const run = await box.run("kubectl", ARGS, { env: { KUBERLR_KUBECTL: "1.29" } });
  assertRefused(run, {
    status: 127,
    error: /1\.29.*; KUBERLR_KUBECTL pins kubectl to it/,
    hint: /KubeMirrorUrl/,
  });
});

story("a pin to a missing file: the error names the variable that sets it", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: [], api: { version: "v1.30.5" } });
  box.fakeKubectl("1.30.2");
  const run = await box.run("kubectl", ARGS, { env: { KUBERLR_KUBECTL: "/nowhere/kubectl" } });
  assertEquals([run.status, run.stdout], [127, ""]);
  assert(/kuberlr: error: [^\n]*\/nowhere\/kubectl/.test(run.stderr), run.stderr);
  assert(run.stderr.includes("KUBERLR_KUBECTL"), run.stderr);
});
