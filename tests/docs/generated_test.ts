import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { generateCommandsPage, generateConfigurationPage } from "../../tools/generate_docs.ts";

Deno.test("docs/commands.md is what the table of commands says", async () => {
  const url = new URL("../../docs/commands.md", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await generateCommandsPage());
});

Deno.test("docs/configuration.md is what the table of settings says", async () => {
  const url = new URL("../../docs/configuration.md", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await generateConfigurationPage());
});

Deno.test("docs/commands.md gives the JSON of every command that prints some", async () => {
  const page = await generateCommandsPage();
  const missing = COMMANDS.filter(({ name, json }) =>
    json !== undefined &&
    !page.split(`\n## ${name}\n`)[1]?.split("\n## ")[0]?.includes("With `-o json`")
  );
  assertEquals(missing, []);
});
