/** The limits of one request, each tried on a mirror that would never end. */
import { assertEquals, assertMatch } from "@std/assert";
import { denoDownloads } from "../../../lib/host/net/downloads.ts";
import type { DownloadRequest, DownloadResult } from "../../../lib/ports/store.ts";
import { fakeEnv, LINUX } from "../../support/fake_host.ts";
import { type Fault, startMirror } from "../../support/mirror.ts";

const LONG = 60_000;
const PATH = "/release/stable.txt";
const KUBECTLS = [{ version: "1.30.2", bytes: new Uint8Array(40) }];

interface Row {
  readonly name: string;
  readonly fault: Fault;
  readonly limits: Partial<DownloadRequest>;
  readonly want: Partial<Extract<DownloadResult, { kind: "failure" }>>;
}

const rows: readonly Row[] = [
  {
    name: "an answer that does not begin",
    fault: { kind: "silence" },
    limits: { answerMs: 100 },
    want: { cause: "silent", message: "nothing came for 0.1 seconds" },
  },
  {
    name: "an answer that does not begin in the rest of a command's time",
    fault: { kind: "silence" },
    limits: { answerMs: 120.5500460000004 },
    want: { cause: "silent", message: "nothing came for 0.12 seconds" },
  },
  {
    name: "an answer that stalls",
    fault: { kind: "stall", afterBytes: 1 },
    limits: { stallMs: 100 },
    want: { cause: "broken", message: "nothing came for 0.1 seconds" },
  },
  {
    name: "an answer that takes too long in all, though it never stalls",
    fault: { kind: "endless", bytes: 1, everyMs: 10 },
    limits: { totalMs: 300 },
    want: { cause: "slow", message: "it took longer than 0.3 seconds" },
  },
  {
    name: "an answer that comes too slowly",
    fault: { kind: "endless", bytes: 1, everyMs: 10 },
    limits: { minimumRate: { bytes: 2048, withinMs: 300 } },
    want: { cause: "slow", message: "fewer than 2 KiB came in 0.3 seconds" },
  },
  {
    name: "a text without end",
    fault: { kind: "endless", bytes: 100_000 },
    limits: { maxBytes: 256 * 1024 },
    want: { cause: "too-large", message: "it is larger than 256 KiB" },
  },
  {
    name: "a body whose length is stated, and too much",
    fault: { kind: "answer", status: 200, body: "x".repeat(5_000) },
    limits: { maxBytes: 4_096 },
    want: { cause: "too-large", message: "it is larger than 4 KiB" },
  },
];

for (const { name, fault, limits, want } of rows) {
  Deno.test(`Downloads.get() gives up ${name}`, async () => {
    await using mirror = await startMirror({ kubectls: KUBECTLS, fault: () => fault });
    let received = 0;
    const { result } = await get(mirror.url + PATH, limits, (bytes) => received += bytes.length);
    assertEquals(result, { kind: "failure", ...want } as DownloadResult);
    assertEquals(received <= (limits.maxBytes ?? LONG), true);
  });
}

for (const { redirects, want } of [{ redirects: 10 }, { redirects: 11, want: "redirect" }]) {
  Deno.test(`Downloads.get() follows ${redirects} redirects: ${want ?? "all"}`, async () => {
    await using mirror = await startMirror({
      kubectls: KUBECTLS,
      fault: ({ path }) => {
        const hops = Number(path.split("?")[1] ?? 0);
        return hops < redirects ? { kind: "redirect", location: `?${hops + 1}` } : undefined;
      },
    });
    const { result } = await get(mirror.url + PATH, {});
    assertEquals(result.kind === "failure" ? result.cause : undefined, want);
    assertEquals(mirror.requests.length, 11);
  });
}

Deno.test("Downloads.get() lets a slow answer pass that keeps the lowest rate", async () => {
  await using mirror = await startMirror({
    kubectls: KUBECTLS,
    fault: () => ({ kind: "drip", bytes: 1, everyMs: 20 }),
  });
  const path = "/release/v1.30.2/bin/linux/amd64/kubectl";
  const minimumRate = { bytes: 1, withinMs: 300 };
  const { result } = await get(mirror.url + path, { minimumRate });
  assertEquals(result.kind, "answer");
});

Deno.test("Downloads.get() tells once that it waits, and only where it does", async () => {
  await using mirror = await startMirror({
    kubectls: KUBECTLS,
    fault: ({ nth }) =>
      nth === 1
        ? { kind: "late", afterMs: 400 }
        : nth === 3
        ? { kind: "endless", bytes: 1, everyMs: 10 }
        : undefined,
  });
  const late = await get(mirror.url + PATH, { tellAfterMs: 50 });
  const prompt = await get(mirror.url + PATH, { tellAfterMs: LONG });
  const drip = await get(mirror.url + PATH, { tellAfterMs: 50, totalMs: 300 });
  assertEquals([late.waits, prompt.waits, drip.waits], [1, 0, 1]);
});

Deno.test({
  name: "Downloads.get() of a file URL does not wait for the writer of a FIFO",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await new Deno.Command("mkfifo", { args: [`${folder}/fifo`] }).output();
      const { result } = await get(`file://${folder}/fifo`, {});
      assertEquals(result, {
        kind: "failure",
        cause: "protocol",
        message: "it is not a regular file",
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "Downloads.get() of a file URL stops at the most bytes",
  ignore: Deno.build.os === "windows",
  async fn() {
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeFile(path, new Uint8Array(5_000));
      const { result } = await get(`file://${path}`, { maxBytes: 4_096 });
      assertMatch(JSON.stringify(result), /"too-large".*larger than 4 KiB/);
    } finally {
      await Deno.remove(path);
    }
  },
});

async function get(
  url: string,
  limits: Partial<DownloadRequest>,
  write: (bytes: Uint8Array) => void = () => {},
): Promise<{ readonly result: DownloadResult; readonly waits: number }> {
  const downloads = denoDownloads(LINUX, fakeEnv({}));
  let waits = 0;
  const result = await downloads.get({
    url,
    credentials: undefined,
    resume: undefined,
    answerMs: LONG,
    stallMs: LONG,
    maxBytes: LONG,
    ...limits,
  }, { begin: () => true, write, waiting: () => waits++ });
  downloads.close();
  return { result, waits };
}
