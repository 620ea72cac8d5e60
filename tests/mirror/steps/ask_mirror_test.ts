/** How long kuberlr waits for a mirror, how much it reads of it, and what it says meanwhile. */
import { assertEquals, assertMatch } from "@std/assert";
import { denoStore } from "../../../lib/host/disk/store.ts";
import { classifyAnswer } from "../../../lib/mirror/answer.ts";
import { parseMirror } from "../../../lib/mirror/mirror.ts";
import {
  checkPresence,
  fetchText,
  type MirrorSession,
  startSession,
  waitToRetry,
} from "../../../lib/mirror/steps/ask_mirror.ts";
import { fetchBinary } from "../../../lib/mirror/steps/fetch_binary.ts";
import { startWaitBudget } from "../../../lib/mirror/steps/wait_budget.ts";
import type { Temporary } from "../../../lib/ports/store.ts";
import { fakeDownloads, SILENT } from "../../support/fake_downloads.ts";
import { fakeClock, fakeTerminal, LINUX } from "../../support/fake_host.ts";

const FILE = { url: "https://mirror.test/file", shown: "https://mirror.test/file" };

function world({ limitMs = Infinity }: { readonly limitMs?: number } = {}) {
  const terminal = fakeTerminal();
  const budget = startWaitBudget({ limitMs, quiet: false }, { terminal });
  const session = startSession({
    mirror: parseMirror("https://mirror.test")!,
    credentials: undefined,
    stallMs: 20_000,
    budget,
    timedOut: undefined,
  });
  const downloads = fakeDownloads((_request, receiver) => {
    receiver.waiting?.();
    return SILENT;
  });
  const host = { downloads, clock: fakeClock(), store: denoStore(LINUX) };
  return { terminal, session, downloads, host };
}

type World = ReturnType<typeof world>;

function getBinary({ session, host }: World) {
  return fetchBinary(
    {
      file: FILE,
      expected: { algorithm: "sha256", hash: "0".repeat(64), digestFrom: "mirror" },
      temporary: { restart() {}, append() {} } as Partial<Temporary> as Temporary,
      progress: { update() {} },
      isVerbose: false,
    },
    session,
    host,
  );
}

const TEXT = { maxBytes: 256 * 1024, totalMs: 10_000 };

for (
  const { name, limitMs, position = "only", ask, want } of [
    {
      name: "a text",
      ask: ({ session, host }) => fetchText(FILE, session, host),
      want: { ...TEXT, answerMs: 20_000, stallMs: 20_000 },
    },
    {
      name: "a text, with little time for all mirrors",
      limitMs: 3_000,
      ask: ({ session, host }) => fetchText(FILE, session, host),
      want: { ...TEXT, answerMs: 3_000, stallMs: 3_000, totalMs: 3_000 },
    },
    {
      name: "a text that other mirrors may have, too",
      position: "early",
      ask: ({ session, host }) => fetchText(FILE, session, host),
      want: { ...TEXT, answerMs: 5_000, stallMs: 20_000 },
    },
    {
      name: "whether a file is there",
      ask: ({ session, host }) => checkPresence(FILE, session, host),
      want: { maxBytes: 0, totalMs: 10_000, answerMs: 20_000, stallMs: 20_000 },
    },
    {
      name: "a kubectl",
      ask: getBinary,
      want: {
        maxBytes: 1024 ** 3,
        minimumRate: { bytes: 30 * 10 * 1024, withinMs: 30_000 },
        answerMs: 20_000,
        stallMs: 20_000,
      },
    },
    {
      name: "a kubectl, with little time for all mirrors",
      limitMs: 3_000,
      ask: getBinary,
      want: {
        maxBytes: 1024 ** 3,
        minimumRate: { bytes: 3 * 10 * 1024, withinMs: 3_000 },
        answerMs: 3_000,
        stallMs: 3_000,
      },
    },
  ] as {
    readonly name: string;
    readonly limitMs?: number;
    readonly position?: MirrorSession["position"];
    readonly ask: (here: World) => Promise<unknown>;
    readonly want: Record<string, unknown>;
  }[]
) {
  Deno.test(`askMirror() bounds a request for ${name}`, async () => {
    const here = world(limitMs === undefined ? {} : { limitMs });
    here.session.position = position;
    await ask(here);
    const [{ url, credentials, resume, ...limits } = {} as never] = here.downloads.requests;
    assertEquals([url, credentials, resume], [FILE.url, undefined, undefined]);
    assertEquals(limits as Record<string, unknown>, { tellAfterMs: 2_000, ...want });
  });
}

Deno.test("askMirror() says once which mirror it waits for, two seconds after the first request", async () => {
  const here = world();
  const { session, host, downloads } = here;
  await checkPresence(FILE, session, host);
  assertEquals(here.terminal.stderrText, "kuberlr: Waiting for https://mirror.test\n");
  await checkPresence(FILE, session, host);
  assertEquals(here.terminal.stderrText, "kuberlr: Waiting for https://mirror.test\n");
  assertEquals(downloads.requests.map(({ tellAfterMs }) => tellAfterMs), [2_000, undefined]);
  const { budget } = world().session;
  assertEquals([100, 1_500, 5_000].map(budget.tellAfterMs), [2_000, 600, 0]);
});

for (
  const { retryAfter, says } of [
    { retryAfter: "1", says: "" },
    {
      retryAfter: "2",
      says: `kuberlr: "https://mirror.test/file" answered 503; trying again in 2 s\n`,
    },
  ]
) {
  Deno.test(`waitToRetry() says ${says || "nothing"} of ${retryAfter} s`, async () => {
    const { session, host, terminal } = world();
    const verdict = classifyAnswer({ kind: "answer", status: 503, retryAfter }, FILE, 0);
    if (verdict.kind !== "retryable") throw new TypeError(verdict.kind);
    assertEquals(await waitToRetry(verdict, session, host), true);
    assertEquals(terminal.stderrText, says);
    assertEquals(host.clock.sleeps, [Number(retryAfter) * 1_000]);
  });
}

Deno.test("classifyAnswer() quotes the host of a redirect in the command of its hint", () => {
  const peer = {
    server: `${new URL("https://a$(id);.evil.test/").hostname}:443`,
    proxy: undefined,
  };
  const failure = { kind: "failure", cause: "tls-extension", message: "x", peer } as const;
  const verdict = classifyAnswer(failure, FILE, 0);
  assertMatch(
    verdict.kind === "failed" ? verdict.hint : "",
    / -connect 'a\$\(id\);\.evil\.test:443' /,
  );
});

for (const isVerbose of [false, true]) {
  Deno.test(`fetchBinary() shows hashes that differ${isVerbose ? " in full" : ""}`, async () => {
    const { session, host } = world();
    const downloads = fakeDownloads((_request, receiver) => {
      receiver.begin({ status: 200, offset: 0, size: 1, validator: undefined });
      receiver.write(new TextEncoder().encode("x"));
      return { kind: "answer", status: 200, retryAfter: undefined };
    });
    const got = await fetchBinary(
      {
        file: FILE,
        expected: { algorithm: "sha256", hash: "0123456789abcdef".repeat(4), digestFrom: "mirror" },
        temporary: { restart() {}, append() {} } as Partial<Temporary> as Temporary,
        progress: { update() {} },
        isVerbose,
      },
      session,
      { ...host, downloads },
    );
    // `printf x | sha256sum`
    const actual = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    const [of, not] = isVerbose
      ? [actual, "0123456789abcdef".repeat(4)]
      : ["2d711642b726…", "0123456789ab…"];
    assertEquals(
      got.kind === "failed" && got.reason,
      `"${FILE.shown}" has the sha256 ${of}, not the mirror's checksum ${not}`,
    );
  });
}
