import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { pathToFileURL } from "node:url";
import { KuberlrError } from "../../../lib/errors.ts";
import { joinPath } from "../../../lib/platform.ts";
import { parseReceipt } from "../../../lib/kubectls/receipt.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  version,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes, writeMirror } from "../../support/mirror_files.ts";

const BYTES = elfBytes(50_000);
const KUBECTLS = [
  { version: "1.20.15", bytes: BYTES },
  { version: "1.27.9", bytes: BYTES },
  { version: "1.27.16", bytes: BYTES },
  { version: "1.30.2", bytes: BYTES },
  { version: "1.31.0-beta.1", bytes: BYTES },
];

function receipt(world: InstallWorld, name: string) {
  return parseReceipt(Deno.readTextFileSync(`${world.layout.receipts}/${name}.json`));
}

for (
  const { want, gets, note } of [
    { want: "1.30.2", gets: "1.30.2", note: undefined },
    { want: "1.27", gets: "1.27.16", note: undefined },
    { want: "stable", gets: "1.30.2", note: undefined },
    { want: "1.31.0-beta.1", gets: "1.31.0-beta.1", note: undefined },
    {
      want: "1.27.101",
      gets: "1.27.16",
      note: "No mirror has kubectl 1.27.101, so kuberlr uses 1.27.16",
    },
    {
      want: "1.31.0-rc.1",
      gets: "1.30.2",
      note: "No mirror has kubectl 1.31.0-rc.1, so kuberlr uses 1.30.2",
    },
  ]
) {
  Deno.test(`installKubectl() gets ${gets} when ${want} is wanted`, async () => {
    using world = installWorld();
    await using mirror = await startMirror({ kubectls: KUBECTLS });
    const installed = await installKubectl(wanted(want), mirrorConfig(mirror.url), {}, world.host);
    assertEquals(installed.version, version(gets));
    assertEquals(world.kubectls(), [`kubectl${gets}`]);
    assertEquals(installed.notes, note === undefined ? [] : [note]);
    if (note !== undefined) assertStringIncludes(world.stderr(), `kuberlr: ${note}\n`);
  });
}

Deno.test("installKubectl() names another release only once it has it", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  const asked = installKubectl(wanted("4.14.2"), mirrorConfig(mirror.url), {}, world.host);
  const error = await assertRejects(() => asked, KuberlrError);
  assertEquals(error.code, "release-missing");
  assertEquals(mirror.requests.some(({ path }) => path.includes("/v4.14.0/")), true);
  assertEquals(world.stderr(), "");
});

Deno.test("installKubectl() takes X.Y.0 when the mirror has no markers", async () => {
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: [{ version: "1.28.0", bytes: BYTES }],
    fault: ({ path }) => path.endsWith(".txt") ? { kind: "answer", status: 404 } : undefined,
  });
  const { version: got } = await installKubectl(
    wanted("1.28.7"),
    mirrorConfig(mirror.url),
    {},
    world.host,
  );
  assertEquals(got, version("1.28.0"));
});

Deno.test("installKubectl() lets nothing stand in where that is ruled out", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  await assertRejects(
    () =>
      installKubectl(wanted("1.27.101"), mirrorConfig(mirror.url), {
        substitute: false,
      }, world.host),
    KuberlrError,
    "1.27.101",
  );
});

Deno.test("installKubectl() tries mirrors in order and says why it passed over one", async () => {
  using world = installWorld();
  await using empty = await startMirror({ kubectls: [] });
  await using broken = await startMirror({
    kubectls: KUBECTLS,
    fault: () => ({ kind: "answer", status: 401 }),
  });
  await using good = await startMirror({ kubectls: KUBECTLS });
  const { notes } = await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(empty.url, broken.url, good.url),
    {},
    world.host,
  );
  assertEquals(notes.length, 2);
  assertStringIncludes(notes[0] ?? "", `Skipped a mirror: "${empty.url}/release/v1.30.2/bin/`);
  assertStringIncludes(notes[0] ?? "", "answered 404");
  assertStringIncludes(notes[1] ?? "", "answered 401");
});

Deno.test("installKubectl() asks the next mirror before it settles for another patch", async () => {
  using world = installWorld();
  await using old = await startMirror({ kubectls: [{ version: "1.30.1", bytes: BYTES }] });
  await using good = await startMirror({ kubectls: KUBECTLS });
  const { version: got } = await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(old.url, good.url),
    {},
    world.host,
  );
  assertEquals(got, version("1.30.2"));
});

Deno.test("installKubectl() can run several times at once in one process", async () => {
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: KUBECTLS,
    fault: ({ path, nth }) =>
      path.includes("v1.27.9/") && nth === 1 ? { kind: "cut", afterBytes: 20 } : undefined,
  });
  const wants = ["1.30.2", "1.27.9", "1.20.15", "1.30.2", "1.31.0-beta.1", "1.27.16"];
  await Promise.all(
    wants.map((want) =>
      installKubectl(wanted(want), mirrorConfig(mirror.url), {}, {
        ...world.host,
        clock: { ...world.host.clock, sleep: () => new Promise((done) => setTimeout(done, 20)) },
      })
    ),
  );
  assertEquals(world.kubectls().length, 5);
  assertEquals(mirror.binaryRequests().filter(({ path }) => path.includes("1.30.2")).length, 1);
});

Deno.test("installKubectl() takes checksums from ChecksumUrl, and refuses what does not fit them", async () => {
  using world = installWorld();
  await using trusted = await startMirror({ kubectls: KUBECTLS });
  await using lying = await startMirror({
    kubectls: [{ version: "1.30.2", bytes: elfBytes(50_000, 7) }],
  });
  const error = await assertRejects(
    () =>
      installKubectl(
        wanted("1.30.2"),
        { ...mirrorConfig(lying.url), checksumUrl: trusted.url },
        {},
        world.host,
      ),
    KuberlrError,
  );
  assertEquals(error.code, "checksum-mismatch");
  assertEquals(trusted.binaryRequests(), []);
  assertEquals(world.kubectls(), []);
});

Deno.test("installKubectl() installs from a folder", async () => {
  using world = installWorld();
  const folder = `${world.home}/usb stick`;
  writeMirror(folder, { kubectls: KUBECTLS, checksums: "named" }, [
    "linux/amd64",
    "linux/arm64",
    "darwin/arm64",
    "windows/amd64",
  ]);
  const url = `${pathToFileURL(folder)}/`;
  const { path } = await installKubectl(wanted("1.27"), mirrorConfig(url), {}, world.host);
  assertEquals(path, world.pathOf("1.27.16"));
  assertEquals(Deno.readFileSync(path), BYTES);
  const error = await assertRejects(
    () => installKubectl(wanted("1.11.3"), mirrorConfig(url), {}, world.host),
    KuberlrError,
  );
  assertStringIncludes(error.message, `${url}release/v1.11.3/`);
});

Deno.test("installKubectl() installs through a template", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  await installKubectl(
    wanted("1.27"),
    mirrorConfig(`${mirror.url}/release/v{major}.{minor}.{patch}/bin/{os}/{arch}/kubectl{ext}`),
    {},
    world.host,
  );
  assertEquals(world.kubectls(), ["kubectl1.27.16"]);
});

for (const algorithm of ["sha512", "sha256", "sha1"] as const) {
  Deno.test(`installKubectl() uses ${algorithm} if there is no other`, async () => {
    using world = installWorld();
    await using mirror = await startMirror({ kubectls: KUBECTLS, algorithms: [algorithm] });
    await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
    assertEquals(receipt(world, "1.30.2")?.algorithm, algorithm);
  });
}

Deno.test("installKubectl() falls back to amd64 where arm64 was never built, and says so", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS, platforms: ["darwin/amd64"] });
  const { notes, path } = await installKubectl(wanted("1.20.15"), mirrorConfig(mirror.url), {
    platform: { os: "darwin", arch: "arm64" },
    directory: joinPath(world.host.platform, world.home, "bundle"),
  }, world.host);
  assertEquals(path, joinPath(world.host.platform, world.home, "bundle", "kubectl1.20.15"));
  assertEquals(notes.length, 1);
  assertStringIncludes(notes[0] ?? "", "Rosetta 2");
  assertEquals([...Deno.readDirSync(`${world.home}/bundle`)].map(({ name }) => name), [
    "kubectl1.20.15",
  ]);
});

Deno.test("installKubectl() puts another platform's kubectl where it is told, under its name", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  const { path } = await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {
    platform: { os: "windows", arch: "amd64" },
    directory: joinPath(world.host.platform, world.home, "bundle"),
  }, world.host);
  assertEquals(path, joinPath(world.host.platform, world.home, "bundle", "kubectl1.30.2.exe"));
  assertStringIncludes(mirror.binaryRequests()[0]?.path ?? "", "/bin/windows/amd64/kubectl.exe");
});

Deno.test("installKubectl() is silent when that is wanted", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  await installKubectl(
    wanted("1.27.101"),
    { ...mirrorConfig(mirror.url), quiet: true },
    {},
    world.host,
  );
  assertEquals(world.stderr(), "");
});

Deno.test("installKubectl() lets the check of the signature refuse the file", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  let seen: Uint8Array | undefined;
  await assertRejects(
    () =>
      installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {
        checkSignature(file) {
          seen = file.bytes;
          throw new KuberlrError("signature-invalid", "No");
        },
      }, world.host),
    KuberlrError,
    "No",
  );
  assertEquals(seen, BYTES);
  assertEquals(world.kubectls(), []);
});

Deno.test("installKubectl() says why it is another release before it says what it downloads", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  await installKubectl(wanted("1.27.101"), mirrorConfig(mirror.url), {}, world.host);
  const said = world.stderr();
  const [reason, download] = ["No mirror has kubectl 1.27.101", "Downloading kubectl 1.27.16"]
    .map((text) => said.indexOf(text));
  assertEquals([reason! >= 0, reason! < download!], [true, true], said);
});
