import { assertEquals } from "@std/assert";
import { findTomlLine, lineOfTomlError } from "../../lib/config/toml_lines.ts";

const TEXT = `# Timeout = 1
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
    assertEquals(findTomlLine(TEXT, path), line);
  });
}

const ERRORS: readonly [name: string, error: unknown, line: number | undefined][] = [
  ["a property", Object.assign(new Error("bad"), { line: 7 }), 7],
  ["words", new SyntaxError("Parse error on line 12, column 3"), 12],
  ["neither", new Error("bad"), undefined],
  ["what is no error", "line 3", undefined],
];
for (const [name, error, line] of ERRORS) {
  Deno.test(`lineOfTomlError() reads the line from ${name}`, () => {
    assertEquals(lineOfTomlError(error), line);
  });
}
