import { assertEquals, assertThrows } from "@std/assert";
import { copyForJson, KubeconfigError } from "../../lib/kubeconfig/fields.ts";

const TOO_MUCH: Readonly<Record<string, unknown>> = {
  "100,001 values": Array(100_000).fill(1),
  "a depth of 101": nested(101),
  "a cycle": cycle(),
};

for (const [name, value] of Object.entries(TOO_MUCH)) {
  Deno.test(`copyForJson() refuses ${name}`, () => {
    assertThrows(() => copyForJson(value, "it"), KubeconfigError, "it is too large");
  });
}

Deno.test("copyForJson() copies 100,000 values, and a depth of 100", () => {
  for (const value of [Array(99_999).fill(1), nested(100)]) {
    assertEquals(copyForJson(value, "it"), value);
  }
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  return Object.assign(value, { value });
}
