import { assertEquals } from "@std/assert";
import { every, later } from "../../lib/host/timers.ts";
import { recordTimers } from "../support/timers.ts";

for (const [name, start] of Object.entries({ later, every })) {
  Deno.test(`${name}() calls nothing back that the runtime calls after it was disposed of`, () => {
    using timers = recordTimers();
    let calls = 0;
    const timer = start(60_000, () => calls++);
    timer[Symbol.dispose]();
    timers.callbacks[0]!();
    assertEquals([calls, timers.waits], [0, [60_000]]);
  });
}

Deno.test("later() calls back once, every() over and over, until its callback disposes of it", () => {
  using timers = recordTimers();
  const calls: string[] = [];
  using _once = later(60_000, () => calls.push("once"));
  using often = every(60_000, () => {
    calls.push("often");
    if (calls.length > 3) often[Symbol.dispose]();
  });
  for (let index = 0; index < timers.callbacks.length; index++) timers.callbacks[index]!();
  assertEquals(calls, ["once", "often", "often", "often"]);
});
