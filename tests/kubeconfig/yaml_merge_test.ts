import { assertEquals, assertThrows } from "@std/assert";
import { parseWithMergeKeys } from "../../lib/kubeconfig/yaml_merge.ts";

const MAPPING = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index]),
);

/** Merges the mapping a thousand times with these, by a parser that only knows the text `<<: x`. */
function merge(...others: readonly object[]): unknown {
  return parseWithMergeKeys("<<: x", (marked) => {
    const [key = ""] = marked.split(":");
    return { [key]: [...others, ...Array(1_000).fill(MAPPING)] };
  });
}

Deno.test("parseWithMergeKeys() merges a million keys", () => {
  assertEquals(merge(), MAPPING);
});

Deno.test("parseWithMergeKeys() refuses to merge more than a million keys", () => {
  assertThrows(() => merge({ k0: 0 }), SyntaxError, "too many merged keys");
});
