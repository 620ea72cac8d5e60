import { assert, assertEquals } from "@std/assert";
import {
  NEW_SERIES,
  noteProgress,
  parseRetryAfter,
  planRetry,
  type RetryCause,
  type Series,
} from "../../lib/mirror/backoff.ts";

/** Returns every wait of a series in which everything fails, in milliseconds. */
function waits(
  cause: RetryCause,
  retryAfterMs: number | undefined,
  jitter: number,
): readonly number[] {
  const all: number[] = [];
  for (let series: Series = NEW_SERIES;;) {
    const retry = planRetry(series, cause, retryAfterMs, jitter);
    if (retry.kind === "stop") return all;
    all.push(retry.milliseconds);
    series = retry.series;
  }
}

for (
  const { name, cause, retryAfterMs, jitter = 0.5, want } of [
    { name: "what breaks", cause: "broken", want: [500, 1000, 2000, 4000] },
    { name: "the unlucky", cause: "busy", jitter: 0.999, want: [749.5, 1499, 2998, 5996] },
    { name: "the lucky", cause: "busy", jitter: 0, want: [250, 500, 1000, 2000] },
    { name: "what cannot be reached, once", cause: "connect", want: [500] },
    { name: "what is wrong", cause: "mismatch", want: [500, 1000, 2000] },
    {
      name: "as long as the server asks for",
      cause: "busy",
      retryAfterMs: 10_000,
      want: [10_000, 10_000, 10_000, 10_000],
    },
    {
      name: "no longer than a minute in all",
      cause: "busy",
      retryAfterMs: 25_000,
      want: [25_000, 25_000],
    },
    {
      name: "not for what asks for more than a minute",
      cause: "busy",
      retryAfterMs: 61_000,
      want: [],
    },
    {
      name: "not at all where the server says so",
      cause: "busy",
      retryAfterMs: 0,
      want: [0, 0, 0, 0],
    },
  ] as readonly {
    readonly name: string;
    readonly cause: RetryCause;
    readonly retryAfterMs?: number;
    readonly jitter?: number;
    readonly want: readonly number[];
  }[]
) {
  Deno.test(`planRetry() waits for ${name}`, () => {
    assertEquals(
      waits(cause, retryAfterMs, jitter).map((wait) => Math.round(wait * 10) / 10),
      want,
    );
  });
}

Deno.test("planRetry() ends a series that gets on a little each time after 15 seconds of waiting", () => {
  let series = NEW_SERIES;
  let waited = 0;
  let count = 0;
  for (;; count++) {
    const retry = planRetry(noteProgress(series), "broken", undefined, 0.5);
    if (retry.kind === "stop") break;
    waited += retry.milliseconds;
    series = retry.series;
  }
  assertEquals(waited, 15_000);
  assertEquals(count, 30);
});

Deno.test("planRetry() never waits more than 15 seconds in all, for any failures in any order", () => {
  const causes: readonly RetryCause[] = ["broken", "busy", "connect", "mismatch"];
  for (let start = 0; start < 200; start++) {
    let series = NEW_SERIES;
    let waited = 0;
    for (let i = start;; i++) {
      const retry = planRetry(
        i % 3 === 0 ? noteProgress(series) : series,
        causes[(i * 7) % 4] ?? "busy",
        undefined,
        (i * 0.37) % 1,
      );
      if (retry.kind === "stop") break;
      waited += retry.milliseconds;
      series = retry.series;
    }
    assert(waited <= 15_000.001, `${waited}`);
  }
});

const NOW = Date.UTC(2026, 10, 21, 8, 0, 0);
for (
  const { text, want } of [
    { text: "7", want: 7000 },
    { text: " 120 ", want: 120_000 },
    { text: "0", want: 0 },
    { text: "Sat, 21 Nov 2026 08:00:30 GMT", want: 30_000 },
    { text: "Sat, 21 Nov 2026 07:00:00 GMT", want: 0 },
    { text: "soon", want: undefined },
    { text: "-1", want: undefined },
    { text: "1.5", want: undefined },
    { text: "", want: undefined },
    { text: undefined, want: undefined },
  ]
) {
  Deno.test(`parseRetryAfter() reads ${JSON.stringify(text)}`, () => {
    assertEquals(parseRetryAfter(text, NOW), want);
  });
}
