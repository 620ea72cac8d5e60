import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { EXIT_STATUS } from "../../lib/errors.ts";
import { textWidth } from "../../lib/output/text_width.ts";
import { renderHelp, renderOverview } from "../../lib/cli/usage.ts";

for (const width of [undefined, 120, 40]) {
  Deno.test(`renderOverview() fits ${width ?? "no"} columns`, async (t) => {
    await t.assertSnapshot(renderOverview({ width }));
  });
}

Deno.test("renderOverview() has every status that a command can end with", () => {
  const statuses = [...Object.values(EXIT_STATUS), 0];
  for (const { exitStatuses } of COMMANDS) {
    statuses.push(...exitStatuses.map(({ status }) => status));
  }
  const listed = Array.from(
    renderOverview({ width: 80 }).matchAll(/^ {2}(\d+) /gm),
    ([, it]) => it,
  );
  assertEquals(
    listed.map(Number),
    [...new Set(statuses)].toSorted((one, other) => one - other),
  );
});

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
