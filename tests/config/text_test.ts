import { assertEquals, assertThrows } from "@std/assert";
import { parseConfigText } from "../../lib/config/text.ts";
import { KuberlrError } from "../../lib/errors.ts";
import { findRepeatedLine, findTomlLine, lineOfTomlError } from "../../lib/config/toml_lines.ts";

for (
  const { name, text, line } of [
    { name: "a value without quotes", text: "Quiet = true\nHandOff = spawn\n", line: 2 },
    { name: "a line that is no pair", text: "\n\nTimeout 5\n", line: 3 },
    { name: "a key set twice", text: "Quiet = true\nQuiet = false", line: 2 },
  ]
) {
  Deno.test(`parseConfigText() names the line of ${name}`, () => {
    const error = assertThrows(() => parseConfigText("/etc/kuberlr.conf", text), KuberlrError);
    assertEquals({
      exitStatus: error.exitStatus,
      place: error.message.split(":")[0],
      lines: error.message.split("\n").length,
    }, { exitStatus: 125, place: `Cannot parse "/etc/kuberlr.conf", line ${line}`, lines: 1 });
  });
}

Deno.test("parseConfigText() shows nothing of the line it cannot parse", () => {
  const error = assertThrows(
    () => parseConfigText("/etc/kuberlr.conf", `KubeMirrorUrl = "https://me:secret@a.test`),
    KuberlrError,
  );
  assertEquals(error.message.includes("secret"), false);
});

for (
  const { name, error, want } of [
    { name: "smol-toml's property", error: Object.assign(new Error("x"), { line: 7 }), want: 7 },
    {
      name: "the words of @std/toml",
      error: new SyntaxError("Parse error on line 4, column 9: Unexpected character"),
      want: 4,
    },
    { name: "nothing", error: new Error("no place"), want: undefined },
  ]
) {
  Deno.test(`lineOfTomlError() reads ${name}`, () => {
    assertEquals(lineOfTomlError(error), want);
  });
}

const TEXT = `# Timeout = 1
Note = """
Timeout = 2
"""
Timeout = 3 # here
a.b . "c d" = 4
[Contexts]
x = 1
[Contexts."prod-*"]
Kubectl = "1.29"
[Contexts.'dev'] # and
"Kubectl" = '''
'''
`;
for (
  const { path, want } of [
    { path: ["Timeout"], want: 5 },
    { path: ["a", "b", "c d"], want: 6 },
    { path: ["a"], want: 6 },
    { path: ["Contexts"], want: 7 },
    { path: ["Contexts", "prod-*"], want: 9 },
    { path: ["Contexts", "prod-*", "Kubectl"], want: 10 },
    { path: ["Contexts", "dev", "Kubectl"], want: 12 },
    { path: ["Quiet"], want: undefined },
  ]
) {
  Deno.test(`findTomlLine() finds line ${want} for ${path.join(" > ")}`, () => {
    assertEquals(findTomlLine(TEXT, path), want);
  });
}

for (
  const [text, want] of [
    [TEXT, undefined],
    ["a = 1\nb = 2\na = 3\n", 3],
    ["a.b = 1\na.c = 2\n'a'.\"b\" = 3\n", 3],
    ["[a]\nb = 1\n[c]\nb = 1\n[a]\n", 5],
    ["[a]\nb = 1\n[a.c]\nb = 1\n", undefined],
    ["[[a]]\nb = 1\n[[a]]\nb = 1\n", undefined],
    ['a = """\nb = 1\n"""\nb = 2\n', undefined],
  ] as const
) {
  Deno.test(`findRepeatedLine() finds ${want ?? "nothing"} in ${JSON.stringify(text)}`, () => {
    assertEquals(findRepeatedLine(text), want);
  });
}
