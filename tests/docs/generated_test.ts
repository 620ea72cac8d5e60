import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import {
  generateCommandPage,
  generateCommandsPage,
  generateConfigurationPage,
  insertReadings,
} from "../../tools/generate_docs.ts";

Deno.test("docs/commands.md is what the table of commands says", async () => {
  const url = new URL("../../docs/commands.md", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await generateCommandsPage());
});

Deno.test("docs/configuration.md is what the table of settings says", async () => {
  const url = new URL("../../docs/configuration.md", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await generateConfigurationPage());
});

Deno.test("docs/dev/security-review.md lists what lib/files/readings.ts says", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/dev/security-review.md", import.meta.url),
  );
  assertEquals(page, await insertReadings(page));
  assertEquals(await insertReadings(page.replace(/^\| memos of.*\n/m, "")), page);
});

for (const command of COMMANDS) {
  Deno.test(`docs/commands/${command.name}.md is what the table of commands says`, async () => {
    const url = new URL(`../../docs/commands/${command.name}.md`, import.meta.url);
    const page = await Deno.readTextFile(url);
    assertEquals(page, await generateCommandPage(command));
    assertEquals(page.includes("With `-o json`"), command.json !== undefined);
  });
}

Deno.test("docs/commands/ holds a page for each command, and no other", () => {
  const pages = [...Deno.readDirSync(new URL("../../docs/commands", import.meta.url))];
  assertEquals(
    pages.map(({ name }) => name).toSorted(),
    COMMANDS.map(({ name }) => `${name}.md`).toSorted(),
  );
});
