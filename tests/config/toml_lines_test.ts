import { assertEquals } from "@std/assert";
import { findRepeatedLine, findTomlLine, lineOfTomlError } from "../../lib/config/toml_lines.ts";

const PLAIN = `# Timeout = 1
AllowDownload = true
SystemPath = [
  "/usr/bin",
]
Note = """
Timeout = 2
"""
Timeout = 3

[Contexts."prod-*"]
Kubectl = "1.29"

[Contexts]
legacy.Kubectl = "1.20"
`;

const ROWS: readonly [path: readonly string[], line: number | undefined][] = [
  [["AllowDownload"], 2],
  [["SystemPath"], 3],
  [["Timeout"], 9],
  [["Contexts", "prod-*"], 11],
  [["Contexts", "prod-*", "Kubectl"], 12],
  [["Contexts", "legacy", "Kubectl"], 15],
  [["timeout"], undefined],
  [["Kubectl"], undefined],
];
for (const [path, line] of ROWS) {
  Deno.test(`findTomlLine() finds ${JSON.stringify(path)} on line ${line}`, () => {
    assertEquals(findTomlLine(PLAIN, path), line);
  });
}

for (
  const { name, error, want } of [
    { name: "smol-toml's property", error: Object.assign(new Error("x"), { line: 2 }), want: 2 },
    {
      name: "the words of @std/toml",
      error: new SyntaxError("Parse error on line 3, column 9: Unexpected character"),
      want: 3,
    },
    { name: "the end of the text", error: Object.assign(new Error("x"), { line: 5 }), want: 3 },
    { name: "an error without a line", error: new Error("bad"), want: undefined },
    { name: "a value that is not an error", error: "line 3", want: undefined },
  ]
) {
  Deno.test(`lineOfTomlError() reads ${name}`, () => {
    assertEquals(lineOfTomlError(error, "a\nb\nc\n\n"), want);
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
