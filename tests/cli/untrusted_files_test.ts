/**
 * Files and folders that another user can change: attacks on what kuberlr reads, writes and runs.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { fakeKubectlScript } from "../support/fake_kubectl.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Run, type Sandbox, sandbox } from "../support/sandbox.ts";

const WINDOWS = Deno.build.os === "windows";
const IS_ROOT = !WINDOWS && Deno.uid() === 0;
const STRANGER = 12_345;
const PLATFORM = `${Deno.build.os}/${Deno.build.arch === "aarch64" ? "arm64" : "amd64"}`;

interface Attack {
  readonly name: string;
  /** True if it needs another user's files, which only root can make. */
  readonly asRoot?: true;
  readonly prepare: (box: Sandbox) => void;
  /** The kubectl that runs: 1.29.9 is in the attacked place, 1.29.1 is not. */
  readonly runs: "1.29.9" | "1.29.1";
  /** The text that `doctor` prints. */
  readonly doctor: RegExp;
}

const own = (box: Sandbox) => box.kubectl("1.29.9");
const evil = (box: Sandbox) => {
  Deno.mkdirSync(`${box.root}/evil`, { recursive: true });
  return `${box.root}/evil`;
};

const ATTACKS: readonly Attack[] = [
  {
    name: "nothing is wrong",
    prepare() {},
    runs: "1.29.9",
    doctor: /folders: .* is as it should be/,
  },
  {
    name: "every user can write a kubectl",
    prepare: (box) => Deno.chmodSync(own(box), 0o777),
    runs: "1.29.1",
    doctor: /kubectl1\.29\.9" can be written by every user: it is not used/,
  },
  {
    name: "a kubectl belongs to another user",
    asRoot: true,
    prepare: (box) => Deno.chownSync(own(box), STRANGER, null),
    runs: "1.29.1",
    doctor: /kubectl1\.29\.9" belongs to another user: it is not used/,
  },
  {
    name: "a kubectl is a link to another user's file",
    prepare(box) {
      Deno.renameSync(own(box), `${evil(box)}/kubectl`);
      Deno.symlinkSync(`${evil(box)}/kubectl`, own(box));
    },
    runs: "1.29.1",
    doctor: /kubectl1\.29\.9" is a link that leads out of its folder: it is not used/,
  },
  {
    name: "every user can write the folder of kubectls",
    prepare: (box) => Deno.chmodSync(box.binaries, 0o777),
    runs: "1.29.1",
    doctor: /" can be written by every user: nothing in it is used/,
  },
  {
    name: "the folder of kubectls belongs to another user",
    asRoot: true,
    prepare: (box) => Deno.chownSync(box.binaries, STRANGER, null),
    runs: "1.29.1",
    doctor: /" belongs to another user: nothing in it is used/,
  },
  {
    name: "the folder of kubectls is a link out of kuberlr's",
    prepare(box) {
      Deno.renameSync(box.binaries, `${evil(box)}/bin`);
      Deno.symlinkSync(`${evil(box)}/bin`, box.binaries);
    },
    runs: "1.29.1",
    doctor: /linux-amd64" is a link: nothing in it is used/,
  },
  {
    name: "every user can write kuberlr's folder",
    prepare: (box) => Deno.chmodSync(`${box.home}/.kuberlr`, 0o777),
    runs: "1.29.1",
    doctor: /\.kuberlr" can be written by every user: nothing in it is used/,
  },
  {
    name: "every user can write a kubectl of SystemPath",
    prepare(box) {
      Deno.removeSync(own(box));
      Deno.chmodSync(box.fakeKubectl("1.29.9", { folder: box.system }), 0o777);
    },
    runs: "1.29.1",
    doctor: /system\/kubectl1\.29\.9" can be written by every user, and is not run/,
  },
];

for (const { name, asRoot, prepare, runs, doctor } of ATTACKS) {
  attack(name, asRoot, async (box) => {
    await using _ = await setUp(box);
    prepare(box);
    assertRan(await box.run("kubectl", ["get", "pods"]), runs);
    // The memo of the first run does not run it either.
    assertRan(await box.run("kubectl", ["get", "pods"]), runs);
    const report = await box.run("kuberlr", ["doctor"]);
    assertMatch(report.stdout, doctor);
  });
}

attack("a folder in SystemPath is open to every user", undefined, async (box) => {
  await using _ = await setUp(box);
  box.fakeKubectl("1.29.9", { folder: box.system });
  Deno.removeSync(own(box));
  Deno.removeSync(box.kubectl("1.29.1", box.system));
  Deno.chmodSync(box.system, 0o1777);
  const run = await box.run("kubectl", ["get", "pods"]);
  assertEquals({ status: run.status, stdout: run.stdout }, { status: 127, stdout: "" });
});

/** Attacks by a file in place of a cache file, which must not be believed. */
const PLANTED: Readonly<
  Record<string, { asRoot?: true; plant: (path: string, box: Sandbox) => void }>
> = {
  "another user wrote": {
    asRoot: true,
    plant: (path) => Deno.chownSync(path, STRANGER, null),
  },
  "every user can write": { plant: (path) => Deno.chmodSync(path, 0o666) },
  "is a link to one outside": {
    plant(path, box) {
      Deno.renameSync(path, `${evil(box)}/file`);
      Deno.symlinkSync(`${evil(box)}/file`, path);
    },
  },
};

for (const [how, { asRoot, plant }] of Object.entries(PLANTED)) {
  attack(`a memo names a program, and ${how} it`, asRoot, async (box) => {
    await using _ = await setUp(box);
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.9");
    const [name] = box.files(`${box.cache}/memo`);
    const path = `${box.cache}/memo/${name}`;
    const malware = box.write("evil/malware", "#!/bin/sh\necho malware ran\n", 0o755);
    const memo = JSON.parse(Deno.readTextFileSync(path));
    Deno.writeTextFileSync(path, JSON.stringify({ ...memo, path: malware, facts: [] }));
    // kuberlr would believe the user's own file, so the next lines can tell a difference.
    assertEquals((await box.run("kubectl", ["get", "pods"])).stdout, "malware ran\n");
    plant(path, box);
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.9");
  });

  attack(`a server's record lies, and ${how} it`, asRoot, async (box) => {
    await using api = await setUp(box);
    box.fakeKubectl("1.22.0");
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.29.9");
    const [name] = box.files(`${box.cache}/servers`);
    const path = `${box.cache}/servers/${name}`;
    const record = JSON.parse(Deno.readTextFileSync(path));
    const lie = JSON.stringify({ ...record, gitVersion: "v1.22.3", toldAtMs: Date.now() });
    Deno.writeTextFileSync(path, lie);
    assertRan(await box.run("kubectl", ["get", "pods"]), "1.22.0");
    Deno.writeTextFileSync(path, lie);
    plant(path, box);
    const report = await box.run("kuberlr", ["doctor"]);
    assertStringIncludes(report.stdout, name!);
    // doctor has asked the server and written a record of its own.
    Deno.writeTextFileSync(path, lie);
    plant(path, box);
    const asked = api.requests.length;
    assertRan(await box.run("kubectl", ["get", "services"]), "1.29.9");
    assert(api.requests.length > asked);
  });
}

for (const folder of ["memo", "servers", "locks", "receipts", ""]) {
  attack(`cache/${folder} is a link out of kuberlr's folder`, undefined, async (box) => {
    await using _ = await setUp(box);
    const target = evil(box);
    Deno.mkdirSync(box.cache, { recursive: true });
    if (folder === "") Deno.removeSync(box.cache);
    Deno.symlinkSync(target, `${box.cache}/${folder}`.replace(/\/$/, ""));
    Deno.removeSync(own(box));
    Deno.removeSync(box.kubectl("1.29.1", box.system));
    const env = { KUBERLR_KUBEMIRRORURL: await fileMirror(box, "1.29.9") };
    for (let i = 0; i < 2; i++) {
      assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.29.9");
    }
    assertEquals(box.files(target), []);
    const report = await box.run("kuberlr", ["doctor"]);
    assertMatch(report.stdout, /cache[^"]*" is a link: nothing in it/);
  });
}

attack("a lock is a link to a file that is not there yet", undefined, async (box) => {
  await using _ = await startedApi(box, "v1.29.9");
  const folder = `${box.cache}/locks/${box.binaries.split("/").at(-1)}`;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  Deno.symlinkSync(`${evil(box)}/made`, `${folder}/1.29.9`);
  const env = { KUBERLR_KUBEMIRRORURL: await fileMirror(box, "1.29.9") };
  assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.29.9");
  assertEquals(box.files(evil(box)), []);
});

attack("a kubectl was changed after it had been installed", undefined, async (box) => {
  await using _ = await startedApi(box, "v1.29.5");
  const env = { KUBERLR_KUBEMIRRORURL: await fileMirror(box, "1.29.5") };
  const run = () => box.run("kubectl", ["get", "pods"], { env });
  assertRan(await run(), "1.29.5");
  const installed = box.kubectl("1.29.5");
  assertEquals(Deno.statSync(installed).mode! & 0o7777, 0o755);
  Deno.writeTextFileSync(installed, "#!/bin/sh\necho malware ran\n");
  assertRan(await run(), "1.29.5");
});

attack("everything is made for its owner alone", undefined, async (box) => {
  await using _ = await setUp(box);
  Deno.removeSync(`${box.home}/.kuberlr`, { recursive: true });
  const umask = ["-c", `umask 000; exec "$0" "$@"`];
  const [command, ...words] = box.command("kubectl");
  const run = await box.exec("/bin/sh", [...umask, command, ...words, "get", "pods"]);
  assertRan(run, "1.29.1");
  const modes: Record<string, string> = {};
  const walk = (path: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const mode = Deno.statSync(`${path}/${name}`).mode! & 0o777;
      if (mode !== (isDirectory ? 0o700 : 0o600)) modes[`${path}/${name}`] = mode.toString(8);
      if (isDirectory) walk(`${path}/${name}`);
    }
  };
  walk(`${box.home}/.kuberlr`);
  assertEquals(modes, {});
  assert(box.files(box.cache).length >= 2);
});

for (
  const { name, open, said } of [
    { name: "as it should be", open: undefined, said: undefined },
    { name: "whose folder every user can write", open: "", said: /mirror", which/ },
    {
      name: "whose checksum every user can write",
      open: `/release/v1.39.1/bin/${PLATFORM}/kubectl.sha512`,
      said: /kubectl\.sha512", which can be written by every user$/m,
    },
    {
      name: "with a sticky folder on top",
      open: "sticky",
      said: undefined,
    },
  ] as const
) {
  attack(`a mirror is a folder ${name}`, undefined, async (box) => {
    const mirror = await fileMirror(box, "1.39.1");
    if (open === "sticky") Deno.chmodSync(`${box.root}/mirror`, 0o1777);
    else if (open !== undefined) Deno.chmodSync(`${box.root}/mirror${open}`, 0o777);
    const env = { KUBERLR_KUBEMIRRORURL: mirror };
    const run = await box.run("kuberlr", ["get", "1.39.1"], { env });
    assertEquals(run.status, 0, run.stderr);
    if (said === undefined) {
      assertEquals(/The checksum is from/.test(run.stderr), false, run.stderr);
    } else assertMatch(run.stderr, said);
  });
}

function attack(
  name: string,
  asRoot: true | undefined,
  fn: (box: Sandbox) => Promise<void>,
): void {
  const reason = WINDOWS
    ? " (ignored: Windows has other rights)"
    : asRoot && !IS_ROOT
    ? " (ignored: only root can make another user's files)"
    : "";
  Deno.test({
    name: `kuberlr is safe when ${name}${reason}`,
    ignore: reason !== "",
    async fn() {
      await using box = await sandbox();
      await fn(box);
    },
  });
}

async function fileMirror(box: Sandbox, version: string): Promise<string> {
  const folder = `mirror/release/v${version}/bin/${PLATFORM}`;
  const kubectl = fakeKubectlScript(version);
  const bytes = new TextEncoder().encode(kubectl);
  box.write(`${folder}/kubectl`, kubectl);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes)).toHex();
  box.write(`${folder}/kubectl.sha512`, hash);
  return encodeURI(`file://${box.root}/mirror`);
}

/**
 * Sets up a server of 1.29, its best kubectl in kuberlr's folder, and the next best in SystemPath.
 */
async function setUp(box: Sandbox) {
  const api = await startedApi(box, "v1.29.9");
  box.fakeKubectl("1.29.9");
  box.fakeKubectl("1.29.1", { folder: box.system });
  Deno.chmodSync(`${box.home}/.kuberlr`, 0o700);
  return api;
}

async function startedApi(box: Sandbox, version: string) {
  const api = await startApiServer({ version });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  return api;
}

function assertRan({ status, stdout, stderr }: Run, version: string): void {
  assertEquals(status, 0, stderr);
  assertStringIncludes(stdout, version, stderr);
}
