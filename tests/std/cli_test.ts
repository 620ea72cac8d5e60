import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli";

const OPTIONS = {
  boolean: ["refresh", "help"],
  string: ["_", "output"],
  alias: { output: "o", help: "h" },
} as const;

for (
  const { args, want } of [
    { args: [], want: { _: [] } },
    { args: ["a", "1.30"], want: { _: ["a", "1.30"] } },
    { args: ["--output", "json"], want: { _: [], output: "json", o: "json" } },
    { args: ["--output=a=b"], want: { _: [], output: "a=b", o: "a=b" } },
    { args: ["-o", "json", "x"], want: { _: ["x"], output: "json", o: "json" } },
    { args: ["-o=json"], want: { _: [], output: "json", o: "json" } },
    { args: ["--output"], want: { _: [], output: "", o: "" } },
    { args: ["--output", "--refresh"], want: { _: [], output: "", o: "", refresh: true } },
    { args: ["-o", "a", "-o", "b"], want: { _: [], output: "b", o: "b" } },
    { args: ["--refresh", "x"], want: { _: ["x"], refresh: true } },
    { args: ["-h"], want: { _: [], help: true, h: true } },
    { args: ["a", "--", "-o", "x"], want: { _: ["a", "-o", "x"] } },
    { args: ["-"], want: { _: ["-"] } },
  ]
) {
  Deno.test(`parseArgs() reads ${JSON.stringify(args)}`, () => {
    const defaults = { refresh: false, help: false, h: false };
    const parsed: Record<string, unknown> = { ...parseArgs(args, OPTIONS) };
    assertEquals(parsed, { ...defaults, ...want });
  });
}

Deno.test("parseArgs() makes numbers of operands, unless they are named as strings", () => {
  assertEquals(parseArgs(["1.30", "1.30.2", "x"])._, [1.3, "1.30.2", "x"]);
});

Deno.test("parseArgs() asks about what is not declared", () => {
  const asked: unknown[] = [];
  const unknown = (arg: string, key?: string, value?: unknown) => {
    asked.push([arg, key, value]);
    return key === undefined;
  };
  const parsed = parseArgs(["a", "--x=1", "-y"], { ...OPTIONS, unknown });
  assertEquals<unknown>(parsed._, ["a"]);
  assertEquals(asked, [["a", undefined, undefined], ["--x=1", "x", "1"], ["-y", "y", true]]);
});
