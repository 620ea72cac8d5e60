import { assertEquals } from "@std/assert";
import { findIdlePins } from "../../lib/commands/inspect_pins.ts";

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
  Deno.test(`findIdlePins() finds ${what}`, () => {
    const pins = globs.map((context) => ({ context, kubectl: "1.30", origin: "here" }));
    const idle = findIdlePins(pins, contexts);
    assertEquals(
      idle.map(({ pin, before }) => [
        pin.context ?? "all",
        before === undefined ? "nothing" : before.context ?? "all",
      ]),
      want,
    );
  });
}
