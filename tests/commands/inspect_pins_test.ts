import { assertEquals } from "@std/assert";
import { findIdleLines } from "../../lib/commands/inspect_pins.ts";

type Glob = string | undefined;

for (
  const { what, globs, contexts, want } of [
    {
      what: "none where each counts somewhere",
      globs: ["prod-*", "dev"],
      contexts: ["prod-1", "dev"],
      want: [],
    },
    {
      what: "one that fits no context",
      globs: ["prd-*"],
      contexts: ["prod-1"],
      want: [["prd-*", "nothing"]],
    },
    {
      what: "one behind a wider one",
      globs: ["prod-*", "prod-1"],
      contexts: ["prod-1"],
      want: [["prod-1", "prod-*"]],
    },
    {
      what: "none before a wider one",
      globs: ["prod-1", "prod-*"],
      contexts: ["prod-1", "prod-2"],
      want: [],
    },
    {
      what: "all behind the variable",
      globs: [undefined, "prod-1"],
      contexts: ["prod-1"],
      want: [["prod-1", "all"]],
    },
    {
      what: "not the variable where there is no context",
      globs: [undefined],
      contexts: [],
      want: [],
    },
  ] as readonly {
    what: string;
    globs: readonly Glob[];
    contexts: readonly string[];
    want: readonly string[][];
  }[]
) {
  Deno.test(`findIdleLines() finds ${what}`, () => {
    const lines = globs.map((context) => ({
      context,
      key: "Kubectl",
      value: "1.30",
      origin: "here",
    }));
    const idle = findIdleLines(lines, contexts);
    assertEquals(
      idle.map(({ line, before }) => [
        line.context ?? "all",
        before === undefined ? "nothing" : before.context ?? "all",
      ]),
      want,
    );
  });
}

Deno.test("findIdleLines() tells settings of different names apart", () => {
  const lines = ["Kubectl", "Match"].map((key) => ({
    context: "prod",
    key,
    value: "minor",
    origin: "here",
  }));
  assertEquals(findIdleLines(lines, ["prod"]), []);
});
