import { assertEquals } from "@std/assert";
import { formatVersion, parseVersion } from "../../lib/version/version.ts";
import {
  formatWanted,
  nameOfWanted,
  oldestOf,
  parseWanted,
  satisfies,
} from "../../lib/version/wanted.ts";

const PARSED: readonly [text: string, kind: string | undefined, formatted?: string][] = [
  ["1.30.2", "exact", "1.30.2"],
  ["v1.30.2", "exact", "1.30.2"],
  ["1.31.0-rc.1", "exact", "1.31.0-rc.1"],
  ["1.30", "minor", "1.30"],
  ["v1.30", "minor", "1.30"],
  ["stable", "stable", "stable"],
  ["1", undefined],
  ["1.30.x", undefined],
  ["1.30.2-eks-1", undefined],
  ["latest", undefined],
  ["", undefined],
];
for (const [text, kind, formatted] of PARSED) {
  Deno.test(`parseWanted() reads "${text}" as ${kind}`, () => {
    const wanted = parseWanted(text);
    assertEquals([wanted?.kind, wanted && formatWanted(wanted)], [kind, formatted]);
  });
}

const SATISFIED: readonly [version: string, wanted: string, want: boolean][] = [
  ["1.30.2", "1.30.2", true],
  ["1.30.3", "1.30.2", false],
  ["1.30.3", "1.30", true],
  ["1.31.0", "1.30", false],
  ["1.36.0", "stable", false],
];
for (const [version, text, want] of SATISFIED) {
  Deno.test(`satisfies() says ${want} of ${version} where ${text} is wanted`, () => {
    assertEquals(satisfies(parseVersion(version)!, parseWanted(text)!), want);
  });
}

Deno.test("oldestOf() is the release, a minor's first, and unknown of the stable one", () => {
  const oldest = ["1.30.2", "1.30", "stable"].map((text) => oldestOf(parseWanted(text)!));
  assertEquals(oldest.map((version) => version && formatVersion(version)), [
    "1.30.2",
    "1.30.0",
    undefined,
  ]);
});

Deno.test("nameOfWanted() fits into a sentence", () => {
  assertEquals(["1.30", "stable"].map((text) => nameOfWanted(parseWanted(text)!)), [
    "kubectl 1.30",
    "the stable kubectl",
  ]);
});
