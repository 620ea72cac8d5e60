import { assertEquals, assertThrows } from "@std/assert";
import { parseConfigText } from "../../lib/config/text.ts";
import { KuberlrError } from "../../lib/errors.ts";

for (
  const { name, text, want } of [
    {
      name: "a value without quotes",
      text: "Quiet = true\nHandOff = spawn\n",
      want: "line 2: the string has no quotes",
    },
    {
      name: "a line without a pair",
      text: "\n\nTimeout 5\n",
      want: 'line 3: there is no "=" after the key',
    },
    {
      name: "a key set twice",
      text: "Quiet = true\nQuiet = false",
      want: "line 2: the key is set a second time",
    },
    {
      name: "a string that does not end",
      text: 'Quiet = true\nColor = "auto\n',
      want: "line 2: the string has no closing quote",
    },
    { name: "a number with a unit", text: "Timeout = 5s\n", want: "line 1: this is not TOML" },
    { name: "a value that is missing", text: "Timeout =\n", want: "line 1: this is not TOML" },
  ]
) {
  Deno.test(`parseConfigText() names the line of ${name}`, () => {
    const error = assertThrows(() => parseConfigText("/etc/kuberlr.conf", text), KuberlrError);
    assertEquals(error.message, `Cannot parse "/etc/kuberlr.conf", ${want}`);
    assertEquals(error.exitStatus, 125);
  });
}

Deno.test("parseConfigText() shows nothing of the line it cannot parse", () => {
  const error = assertThrows(
    () => parseConfigText("/etc/kuberlr.conf", `KubeMirrorUrl = "https://me:secret@a.test`),
    KuberlrError,
  );
  assertEquals(error.message.includes("secret"), false);
});
