/**
 * `kuberlr config`: every setting, its value and where it comes from.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { warnAboutVariables } from "../config/variables.ts";
import type { Host } from "../ports/host.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { printJson, printTable, printWarnings } from "./output.ts";

export async function config(
  { flags }: CommandRun,
  host: Pick<Host, "files" | "env" | "platform" | "program" | "terminal">,
): Promise<number> {
  const { config, settings, warnings } = await loadConfig(host);
  const unknown = warnAboutVariables(host.program.variables(), host.platform);
  printWarnings([...warnings, ...unknown], config, host);
  if (flags["output"] === "json") {
    printJson(settings, host);
    return 0;
  }
  printTable(
    [
      { title: "KEY", cut: "never" },
      { title: "VALUE", cut: "end" },
      { title: "ORIGIN", cut: "middle" },
    ],
    settings.map(({ key, value, origin }) => [
      { text: key },
      { text: formatValue(value) },
      origin === "default" ? { text: origin, tone: "faint" } : { text: origin },
    ]),
    config,
    host,
  );
  return 0;
}

/** Returns the value in TOML, so that it can be copied into a file. */
function formatValue(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((entry) => JSON.stringify(entry)).join(", ")}]`
    : JSON.stringify(value);
}
