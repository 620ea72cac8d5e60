import { assertEquals } from "@std/assert";
import { parseRequestTimeout } from "../../lib/kubectl/request_timeout.ts";

const TIMEOUTS: readonly [text: string, seconds: number | undefined][] = [
  ["5", 5],
  ["0", undefined],
  ["", undefined],
  ["0s", undefined],
  ["3s", 3],
  ["500ms", 0.5],
  ["1.5s", 1.5],
  [".5s", 0.5],
  ["1m30s", 90],
  ["1h", 3_600],
  ["+2s", 2],
  ["250us", 0.00025],
  ["-1s", undefined],
  ["-1", undefined],
  ["abc", undefined],
  ["1d", undefined],
  ["1 s", undefined],
  ["s", undefined],
  ["1s,2s", undefined],
];
for (const [text, seconds] of TIMEOUTS) {
  Deno.test(`parseRequestTimeout() reads "${text}" as ${seconds} seconds`, () => {
    assertEquals(parseRequestTimeout(text), seconds);
  });
}
