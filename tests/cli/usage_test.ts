import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { textWidth } from "../../lib/output/text_width.ts";
import { renderHelp, renderOverview } from "../../lib/cli/usage.ts";

for (const width of [undefined, 120, 40]) {
  Deno.test(`renderOverview() fits ${width ?? "no"} columns`, async (t) => {
    await t.assertSnapshot(renderOverview({ width }));
  });
}

for (const command of COMMANDS) {
  for (const width of [undefined, 120, 40]) {
    Deno.test(`renderHelp() shows ${command.name} on ${width ?? "no"} columns`, async (t) => {
      await t.assertSnapshot(renderHelp(command, { width }));
    });
  }

  Deno.test(`renderHelp() shows ${command.name} on one screen of 80 columns`, () => {
    const lines = renderHelp(command, { width: 80 }).split("\n");
    assertEquals(lines.filter((line) => textWidth(line) > 80), []);
    assert(lines.length <= 50, `${lines.length} lines`);
  });
}
