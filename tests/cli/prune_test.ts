/** `kuberlr prune` removes only kubectls that kuberlr installed and that no server needs. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { localHost } from "../../lib/host/local_host.ts";
import { startCluster } from "../support/cluster.ts";
import { runInside } from "../support/in_process.ts";
import { type Sandbox, story, SUFFIX } from "../support/sandbox.ts";

async function fill(box: Sandbox, versions: readonly string[]): Promise<void> {
  const { status, stderr } = await box.run("kuberlr", ["get", ...versions]);
  assertEquals(status, 0, stderr);
}

/** Makes the kubectls look as if commands had downloaded them. */
function forgetWhoAsked(box: Sandbox): void {
  for (const path of box.files(`${box.cache}/receipts`)) {
    if (path.endsWith(".asked")) Deno.removeSync(`${box.cache}/receipts/${path}`);
  }
}

/** Starts a cluster of 1.30.5, for which 1.26.1, 1.30.2 and 1.36.1 are installed as well. */
async function withSurplus(box: Sandbox): Promise<AsyncDisposable> {
  const versions = ["1.26.1", "1.30.2", "1.36.1"];
  const cluster = await startCluster(box, {
    kubectls: versions,
    api: { version: "v1.30.5" },
  });
  await fill(box, versions);
  forgetWhoAsked(box);
  await fill(box, ["auto"]);
  return cluster;
}

/**
 * Returns the sum in megabytes: scripts are small, but the fake kubectl of Windows is a program.
 */
function megabytes(sizes: readonly number[]): string {
  return (sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1);
}

story("prune removes nothing while no server is known", async (box) => {
  await using _cluster = await startCluster(box, { kubectls: ["1.28.1", "1.36.1"] });
  await fill(box, ["1.28.1", "1.36.1"]);
  const run = await box.run("kuberlr", ["prune"]);
  assertEquals([run.status, run.stdout], [0, ""]);
  assertStringIncludes(run.stderr, `"kuberlr clusters" asks every server`);
  assertEquals(box.files(box.binaries), [`kubectl1.28.1${SUFFIX}`, `kubectl1.36.1${SUFFIX}`]);
});

story(
  "prune keeps what servers and pins need, the newest, and what it did not install",
  async (box) => {
    const versions = ["1.26.1", "1.27.1", "1.28.1", "1.30.2", "1.35.1", "1.36.1"];
    await using _cluster = await startCluster(box, {
      kubectls: versions,
      api: { version: "v1.30.5" },
    });
    await fill(box, versions);
    forgetWhoAsked(box);
    box.fakeKubectl("1.25.1");
    box.fakeKubectl("1.28.1", { then: "echo changed" });
    box.config(`[Contexts.other]\nKubectl = "1.27"\n`);
    assertEquals((await box.run("kubectl", ["get", "pods"])).status, 0);

    const dry = await box.run("kuberlr", ["prune", "--dry-run"]);
    const surplus = ["1.35.1", "1.26.1"].map((version) => box.kubectl(version));
    const sizes = surplus.map((path) => Deno.statSync(path).size);
    assertEquals([dry.status, dry.stdout], [0, surplus.map((path) => `${path}\n`).join("")]);
    assertEquals(dry.stderr, `kuberlr: Would remove 2 kubectls, and free ${megabytes(sizes)} MB\n`);
    assertEquals(box.files(box.binaries).length, 7);

    const [bytes] = sizes;
    const run = await box.run("kuberlr", ["prune", "-o", "json"]);
    assertEquals(JSON.parse(run.stdout), [
      { version: "1.35.1", path: surplus[0], bytes, removed: true },
      { version: "1.26.1", path: surplus[1], bytes, removed: true },
    ]);
    assertEquals(
      box.files(box.binaries),
      ["1.25.1", "1.27.1", "1.28.1", "1.30.2", "1.36.1"].map((version) =>
        `kubectl${version}${SUFFIX}`
      ),
    );
    const receipts = box.files(`${box.cache}/receipts`).map((path) => path.split("/").at(-1));
    assertEquals(receipts, ["1.27.1.json", "1.28.1.json", "1.30.2.json", "1.36.1.json"]);
    assertEquals((await box.run("kubectl", ["get", "pods"])).status, 0);
    const again = await box.run("kuberlr", ["prune"]);
    assertEquals([again.status, again.stdout, again.stderr], [
      0,
      "",
      "kuberlr: Nothing to remove\n",
    ]);
  },
);

story("prune keeps what was asked for by name, unless it is told not to", async (box) => {
  const versions = ["1.26.1", "1.30.2", "1.36.1"];
  await using _cluster = await startCluster(box, {
    kubectls: versions,
    api: { version: "v1.30.5" },
  });
  await fill(box, ["1.26", "1.36.1"]);
  await fill(box, ["auto"]);
  const kept = await box.run("kuberlr", ["prune"]);
  assertEquals([kept.status, kept.stdout, kept.stderr], [
    0,
    "",
    `kuberlr: Nothing to remove; 1 that "kuberlr get" was asked for stays (--all)\n`,
  ]);
  const freed = megabytes([Deno.statSync(box.kubectl("1.26.1")).size]);
  const all = await box.run("kuberlr", ["prune", "--all"]);
  assertEquals([all.status, all.stdout], [0, `${box.kubectl("1.26.1")}\n`]);
  assertEquals(all.stderr, `kuberlr: Removed 1 kubectl, and freed ${freed} MB\n`);
  assertEquals(box.files(`${box.cache}/receipts`).filter((path) => path.includes("1.26.1")), []);
});

story("prune removes the locks of downloads that are over", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  await box.run("kuberlr", ["get", "1.99.9"]);
  await fill(box, ["auto"]);
  const locks = () => box.files(`${box.cache}/locks`).map((path) => path.split("/").at(-1));
  assertEquals(locks().filter((name) => !name?.endsWith(".lock")), ["1.30.5", "1.99.9"]);
  assertEquals(locks().length, 3, "and one of the server");
  const own = box.files(`${box.cache}/locks`).find((name) => name.endsWith("/1.30.5"));
  using held = Deno.openSync(`${box.cache}/locks/${own}`, { write: true });
  held.lockSync(true);
  assertEquals((await box.run("kuberlr", ["prune"])).status, 0);
  assertEquals(locks(), ["1.30.5"]);
});

story("prune keeps what a server of another kubeconfig needs", async (box) => {
  const versions = ["1.30.2", "1.36.1"];
  await using _cluster = await startCluster(box, {
    kubectls: versions,
    api: { version: "v1.30.5" },
  });
  await fill(box, versions);
  assertEquals((await box.run("kubectl", ["get", "pods"])).status, 0);

  const other = box.write("other.yaml", "");
  const run = await box.run("kuberlr", ["prune"], { env: { KUBECONFIG: other } });
  assertEquals([run.status, run.stdout], [0, ""]);
  assertEquals(box.files(box.binaries), versions.map((version) => `kubectl${version}${SUFFIX}`));
});

story("prune keeps what Match of a context asks for", async (box) => {
  const versions = ["1.30.5", "1.30.9", "1.36.1"];
  await using _cluster = await startCluster(box, {
    kubectls: versions,
    api: { version: "v1.30.5" },
  });
  await fill(box, versions);
  forgetWhoAsked(box);
  assertEquals((await box.run("kuberlr", ["clusters"])).status, 0);
  const surplus = async () => (await box.run("kuberlr", ["prune", "--dry-run"])).stdout;
  assertEquals(await surplus(), `${box.kubectl("1.30.5")}\n`);
  box.config(`[Contexts."prod-*"]\nMatch = "patch"\n`);
  assertEquals(await surplus(), "");
});

story(
  "prune uses no records and locks in folders that every user can write, and no other files",
  async (box) => {
    await using _cluster = await withSurplus(box);
    const servers = `${box.cache}/servers`;
    Deno.chmodSync(servers, 0o777);
    const unknown = await box.run("kuberlr", ["prune"]);
    assertStringIncludes(unknown.stderr, "no server's version is known");
    Deno.chmodSync(servers, 0o700);

    const locks = `${box.cache}/locks/${box.binaries.split("/").at(-1)}`;
    const names = () => Array.from(Deno.readDirSync(locks), ({ name }) => name).toSorted();
    for (const name of ["notes", "1.2.3", "1.2.4"]) {
      Deno.writeTextFileSync(`${locks}/${name}`, "", { mode: 0o600 });
    }
    Deno.chmodSync(`${locks}/1.2.3`, 0o666);
    const before = names();
    Deno.chmodSync(locks, 0o777);
    await box.run("kuberlr", ["prune"]);
    assertEquals(names(), before);
    Deno.chmodSync(locks, 0o700);
    await box.run("kuberlr", ["prune"]);
    assertEquals(names(), ["1.2.3", "notes"]);
  },
  { unix: "it has no modes" },
);

/** What somebody puts into the way between the verification of a kubectl and its removal. */
const SWAPS: readonly { name: string; replaced: (box: Sandbox) => string; stays: string }[] = [
  {
    name: "the folder of kubectls",
    replaced: ({ binaries }) => binaries,
    stays: "kubectl1.26.1",
  },
  {
    name: "the folder of receipts",
    replaced: ({ cache, binaries }) => `${cache}/receipts/${binaries.split("/").at(-1)}`,
    stays: "1.26.1.json",
  },
  {
    name: "the kubectl",
    replaced: (box) => box.kubectl("1.26.1"),
    stays: "",
  },
  {
    name: "the receipt",
    replaced: ({ cache, binaries }) =>
      `${cache}/receipts/${binaries.split("/").at(-1)}/1.26.1.json`,
    stays: "",
  },
];

for (const { name, replaced, stays } of SWAPS) {
  story(
    `prune removes nothing through a link that takes the place of ${name} while it runs`,
    async (box) => {
      await using _cluster = await withSurplus(box);
      const path = replaced(box);
      const { files } = localHost();
      // The mark is looked for after the verification.
      const stat = (asked: string) => {
        if (asked.endsWith("1.26.1.asked") && !Deno.lstatSync(path).isSymlink) {
          Deno.renameSync(path, `${box.root}/moved`);
          Deno.symlinkSync(`${box.root}/moved`, path);
        }
        return files.stat(asked);
      };
      await runInside(box, ["prune"], {}, { files: { ...files, stat } });
      assertEquals(Deno.lstatSync(path).isSymlink, true);
      assertEquals(Deno.lstatSync(`${box.root}/moved/${stays}`.replace(/\/$/, "")).isFile, true);
    },
    { unix: "its links need a right" },
  );
}
