import type { Pin } from "../../lib/config/keys.ts";
import { assertEquals } from "@std/assert";
import { configForContext, findPin, matchesGlob } from "../../lib/resolver/pins.ts";

const GLOBS: readonly [glob: string, text: string, fits: boolean][] = [
  ["prod", "prod", true],
  ["prod", "production", false],
  ["prod-*", "prod-eu", true],
  ["prod-*", "prod-", true],
  ["prod-*", "preprod-eu", false],
  ["*prod*", "preprod-eu", true],
  ["*", "", true],
  ["*", "anything", true],
  ["", "", true],
  ["", "x", false],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["ab*ba", "abba", true],
  ["arn:aws:*:cluster/prod", "arn:aws:eks:eu-1:1:cluster/prod", true],
  ["prod.?", "prod.x", false],
  ["[p]rod", "prod", false],
];
for (const [glob, text, fits] of GLOBS) {
  Deno.test(`matchesGlob() finds that "${glob}" ${fits ? "fits" : "does not fit"} "${text}"`, () => {
    assertEquals(matchesGlob(glob, text), fits);
  });
}

Deno.test("matchesGlob() takes no exponential time over many stars", () => {
  assertEquals(matchesGlob("*a".repeat(50) + "b", "a".repeat(5_000)), false);
});

Deno.test("findPin() takes the first that fits, and KUBERLR_KUBECTL for any context", () => {
  const pin = (context: string | undefined): Pin => ({ context, kubectl: "1.29", origin: "test" });
  const [all, prod, eu] = [pin(undefined), pin("prod-*"), pin("prod-eu")];
  assertEquals(findPin([prod, eu], "prod-eu"), prod);
  assertEquals(findPin([eu, prod], "prod-eu"), eu);
  assertEquals(findPin([eu, prod], "dev"), undefined);
  assertEquals(findPin([all, prod], ""), all);
});

Deno.test("configForContext() takes the first setting of each key that fits the context", () => {
  const setting = (context: string, name: "Match" | "Renew", value: unknown) =>
    ({ context, name, value, origin: "/c" }) as const;
  const config = {
    match: "window",
    renewDays: "never",
    contexts: [
      setting("prod-a", "Match", "minor"),
      setting("prod-*", "Match", "patch"),
      setting("*", "Renew", 7),
    ],
  };
  const of = (context: string) => {
    const { match, renewDays } = configForContext(config, context);
    return { match, renewDays };
  };
  assertEquals(of("prod-a"), { match: "minor", renewDays: 7 } as never);
  assertEquals(of("prod-b"), { match: "patch", renewDays: 7 } as never);
  assertEquals(of("dev"), { match: "window", renewDays: 7 } as never);
});
