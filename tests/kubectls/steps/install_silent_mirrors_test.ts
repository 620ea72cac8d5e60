/**
 * Mirrors that do not refuse but are silent: how long kuberlr waits for each, and how often it
 * asks.
 */
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  wanted,
} from "../../support/install_world.ts";
import { fakeDownloads, SILENT } from "../../support/fake_downloads.ts";
import { type Fault, type MirrorRequest, startMirror } from "../../support/mirror.ts";
import { isBinary } from "../../support/mirror_faults.ts";
import { elfBytes } from "../../support/mirror_files.ts";

const KUBECTLS = [{ version: "1.30.2", bytes: elfBytes(50_000) }];
const SILENCE: Fault = { kind: "silence" };
/** A mirror on loopback answers within a quarter of this. */
const STALL_MS = 4_000;

const install = (
  text: string,
  world: InstallWorld,
  urls: readonly string[],
  { stallMs = STALL_MS, checksumUrl = "" }: {
    readonly stallMs?: number;
    readonly checksumUrl?: string;
  } = {},
) => {
  const config = { ...mirrorConfig(...urls), checksumUrl };
  return installKubectl(wanted(text), config, { stallMs }, world.host);
};

const start = (fault?: (request: MirrorRequest) => Fault | undefined) =>
  startMirror({ kubectls: KUBECTLS, ...(fault && { fault }) });

Deno.test("installKubectl() asks a silent mirror once where another has it", async () => {
  using world = installWorld();
  await using silent = await start(() => SILENCE);
  await using good = await start();
  // The requests are for the marker, the checksum and the kubectl.
  const { notes } = await install("1.30", world, [silent.url, good.url], { stallMs: 1_000 });
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(silent.requests.length, 1);
  assertEquals(notes, [
    `Skipped a mirror: "${silent.url}/release/stable-1.30.txt": nothing came for 0.25 seconds`,
  ]);
});

Deno.test("installKubectl() waits for a slow mirror where it is the last", async () => {
  using world = installWorld();
  await using silent = await start(() => SILENCE);
  await using slow = await start(() => ({ kind: "late", afterMs: STALL_MS / 4 + 100 }));
  await install("1.30.2", world, [silent.url, slow.url]);
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
});

Deno.test("installKubectl() waits for a mirror that has answered before", async () => {
  using world = installWorld();
  await using slow = await start((request) =>
    isBinary(request) ? { kind: "late", afterMs: STALL_MS / 4 + 100 } : undefined
  );
  await using other = await start();
  await install("1.30.2", world, [slow.url, other.url]);
  assertEquals([slow.binaryRequests().length, other.requests.length], [1, 0]);
});

Deno.test("installKubectl() forgives the last mirror a moment of silence", async () => {
  using world = installWorld();
  await using silent = await start(() => SILENCE);
  await using absent = await start((request) =>
    isBinary(request) && request.nth === 1 ? SILENCE : undefined
  );
  await install("1.30.2", world, [silent.url, absent.url], { stallMs: 1_000 });
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(silent.requests.length, 1);
});

for (
  const { name, rest } of [
    { name: "the others have nothing", rest: { kind: "answer", status: 404 } },
    { name: "the others are broken", rest: { kind: "answer", status: 401 } },
    { name: "the others are silent for good", rest: SILENCE },
  ] as const
) {
  Deno.test(`installKubectl() gives a slow mirror another chance when ${name}`, async () => {
    using world = installWorld();
    await using slow = await start(({ path, nth }) =>
      path.endsWith(".sha512") && nth === 1 ? SILENCE : undefined
    );
    await using other = await start(() => rest);
    const { notes, version } = await install("1.30.2", world, [slow.url, other.url], {
      stallMs: 1_000,
    });
    assertEquals(version.minor, 30);
    assertEquals(notes.length, 1);
    assertStringIncludes(notes[0] ?? "", other.url);
  });
}

Deno.test("installKubectl() asks mirrors that are silent for good a known number of times", async () => {
  using world = installWorld();
  await using first = await start(() => SILENCE);
  await using second = await start(() => SILENCE);
  await using last = await start(() => SILENCE);
  const mirrors = [first, second, last];
  const { code, message } = await assertRejects(
    () => install("1.30", world, mirrors.map(({ url }) => url), { stallMs: 1_000 }),
    KuberlrError,
  );
  assertEquals(code, "download-failed");
  for (const { url } of mirrors) assertStringIncludes(message, url);
  assertEquals(message.match(/nothing came for 1 seconds/g)?.length, 3);
  // They are asked briefly, and once more together; the last one had its full time at once.
  assertEquals(mirrors.map(({ requests }) => requests.length), [2, 2, 1]);
  assertEquals(world.waits, []);
});

Deno.test("installKubectl() asks a mirror that was silent for good for no other release", async () => {
  using world = installWorld();
  await using silent = await start(() => SILENCE);
  await using empty = await startMirror({ kubectls: [] });
  const { message } = await assertRejects(
    () => install("1.30.2", world, [silent.url, empty.url], { stallMs: 1_000 }),
    KuberlrError,
  );
  assertMatch(message, /nothing came for 1 seconds/);
  assertEquals(silent.requests.length, 2);
});

Deno.test("installKubectl() asks a silent ChecksumUrl once, however many mirrors there are", async () => {
  using world = installWorld();
  await using silent = await start(() => SILENCE);
  await using a = await start();
  await using b = await start();
  await assertRejects(
    () => install("1.30.2", world, [a.url, b.url], { stallMs: 200, checksumUrl: silent.url }),
    KuberlrError,
    "nothing came",
  );
  assertEquals(silent.requests.length, 1);
});

Deno.test("installKubectl() takes 20 seconds without a byte for silence", async () => {
  using world = installWorld();
  const downloads = fakeDownloads(() => SILENT);
  await assertRejects(
    () =>
      installKubectl(wanted("1.30.2"), mirrorConfig("https://a.test"), {}, {
        ...world.host,
        downloads,
      }),
    KuberlrError,
  );
  assertEquals(new Set(downloads.requests.map(({ stallMs }) => stallMs)), new Set([20_000]));
});
