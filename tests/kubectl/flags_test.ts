import { assertEquals } from "@std/assert";
import { BOOLEAN_GLOBALS, KUBECTL_COMMANDS, VALUE_FLAGS } from "../../lib/kubectl/flags.ts";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { generate, TARGET } from "../../tools/generate_kubectl_flags.ts";
import table from "../../tools/kubectl_flags.json" with { type: "json" };

const SOURCE = new URL("../../tools/kubectl_flags.json", import.meta.url);

Deno.test("lib/kubectl/flags.ts is what tools/generate_kubectl_flags.ts makes", () => {
  assertEquals(Deno.readTextFileSync(TARGET), generate(Deno.readTextFileSync(SOURCE)));
});

Deno.test("generate() keeps every measured command and global boolean", () => {
  const words = (text: string) => text.split(/[,\n]+/).filter((word) => word !== "");
  assertEquals(
    words(KUBECTL_COMMANDS),
    [...Object.keys(table._commands).filter((path) => path !== "<root>"), "help"].toSorted(),
  );
  assertEquals(words(BOOLEAN_GLOBALS), [
    "disable-compression",
    "help",
    "insecure-skip-tls-verify",
    "match-server-version",
    "warnings-as-errors",
  ]);
  assertEquals(words(VALUE_FLAGS).length, 167 + 5);
});

interface MeasuredFlag {
  readonly takesValue: boolean | "varies";
  readonly takesValueByCommand?: Readonly<Record<string, boolean>>;
  readonly scope: string | readonly string[] | { readonly commands: readonly string[] };
}

const { _meta, _shorthands, _commands, ...flags } = table;
const MEASURED: [string, MeasuredFlag][] = Object.entries(flags as Record<string, MeasuredFlag>);

Deno.test("scanKubectlArgv() takes the next word for every flag as it was measured, in every command", () => {
  const wrong: string[] = [];
  for (const [name, { takesValue, takesValueByCommand, scope }] of MEASURED) {
    const commands = Array.isArray(scope) ? scope as string[] : Object.keys(_commands);
    for (const command of commands) {
      const words = command === "<root>" ? [] : command.split(" ");
      const expected = takesValue === "varies" ? takesValueByCommand?.[command] : takesValue;
      const line = scanKubectlArgv([...words, `--${name}`, "--as", "me"]);
      const actual = line.flags.get(name) === "--as" || line.positionals.at(-1) === "me";
      if (actual !== expected) wrong.push(`${command} --${name}: ${actual}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("scanKubectlArgv() knows every shorthand by its long name, in every command that has it", () => {
  const wrong: string[] = [];
  for (const [letter, { flags }] of Object.entries(_shorthands)) {
    for (const { flag, takesValue, commands } of flags) {
      for (const command of commands) {
        const words = command.startsWith("<") ? ["get"] : command.split(" ");
        const line = scanKubectlArgv([...words, `-${letter}`, "value"]);
        if (line.flags.get(flag) !== (takesValue ? "value" : "")) {
          wrong.push(`${command} -${letter}`);
        }
      }
    }
  }
  assertEquals(wrong, []);
});
