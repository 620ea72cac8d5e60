import { assertEquals } from "@std/assert";
import { takeTurn } from "../../../lib/api_server/steps/take_turn.ts";
import type { Lock } from "../../../lib/ports/store.ts";
import { fakeClock, fakeFiles } from "../../support/fake_host.ts";

const LOCK = "/locks/server.lock";
const SELF = "machine/2:2";

/** A lock that another process holds for ever, and its holder's name at each moment. */
async function wait(
  { holder, isAnswered = () => false }: {
    readonly holder: (nowMs: number) => string | undefined;
    readonly isAnswered?: (nowMs: number) => boolean;
  },
) {
  const clock = fakeClock();
  const told: number[] = [];
  const files = fakeFiles({ [`${LOCK}.holder`]: "" });
  const turn = await takeTurn({
    lockPath: LOCK,
    isAnswered: () => isAnswered(clock.nowMs()),
    waitMs: 5_000,
    onLongWait: () => told.push(clock.nowMs()),
  }, {
    clock,
    files: { ...files, readText: () => holder(clock.nowMs()) },
    store: { tryLock: () => "held" } as never,
    processes: {
      run: () => Promise.reject(new Error("nothing is run")),
      ancestry: () => [SELF, "machine/1:1"],
    },
  });
  return { kind: turn.kind, waitedMs: clock.nowMs(), told, polls: new Set(clock.sleeps) };
}

for (
  const { name, holder, isAnswered, want } of [
    {
      name: "a stranger for five minutes",
      holder: () => "machine/9:9",
      want: { kind: "busy", waitedMs: 300_000, told: [2_000] },
    },
    {
      name: "a stranger until the answer is there",
      holder: () => "machine/9:9",
      isAnswered: (nowMs) => nowMs >= 1_975,
      want: { kind: "answered", waitedMs: 1_975, told: [] },
    },
    {
      name: "a holder without a name for the time of a request",
      holder: () => undefined,
      want: { kind: "busy", waitedMs: 5_000, told: [2_000] },
    },
    {
      name: "a holder of another machine for the time of a request",
      holder: () => "other/9:9",
      want: { kind: "busy", waitedMs: 5_000, told: [2_000] },
    },
    {
      name: "a stranger that has not written down its name at first",
      holder: (nowMs) => nowMs < 4_975 ? undefined : "machine/9:9",
      want: { kind: "busy", waitedMs: 300_000, told: [2_000] },
    },
    {
      name: "one stranger after another, with a moment without a name in between",
      holder: (nowMs) => nowMs % 10_000 < 4_000 ? undefined : `machine/9:${nowMs}`,
      isAnswered: (nowMs) => nowMs >= 120_000,
      want: { kind: "answered", waitedMs: 120_000, told: [2_000] },
    },
    {
      name: "no ancestor",
      holder: () => "machine/1:1",
      want: { kind: "busy", waitedMs: 0, told: [] },
    },
  ] satisfies (Parameters<typeof wait>[0] & { readonly name: string; readonly want: unknown })[]
) {
  Deno.test(`takeTurn() waits for ${name}`, async () => {
    const { polls, ...got } = await wait(isAnswered ? { holder, isAnswered } : { holder });
    assertEquals(got, want);
    assertEquals(polls, new Set(got.waitedMs === 0 ? [] : [25]));
  });
}

Deno.test("takeTurn() signs its lock for as long as it holds it", async () => {
  const files = fakeFiles();
  const seen: (string | undefined)[] = [];
  const release = () => void seen.push(files.readText(`${LOCK}.holder`));
  const turn = await takeTurn({
    lockPath: LOCK,
    isAnswered: () => false,
    waitMs: 1,
    onLongWait: () => {},
  }, {
    clock: fakeClock(),
    files,
    store: { tryLock: (): Lock => ({ release }) } as never,
    processes: {
      run: () => Promise.reject(new Error("nothing is run")),
      ancestry: () => [SELF],
    },
  });
  assertEquals(turn.kind, "mine");
  assertEquals(files.readText(`${LOCK}.holder`), SELF);
  if (turn.kind === "mine") turn.lock.release();
  // The name is removed first: after the unlock it may belong to another process.
  assertEquals(seen, [undefined]);
});
