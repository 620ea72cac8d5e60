/**
 * `kuberlr bins`: the kubectls at hand.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { findLayout } from "../layout.ts";
import { listBinaries } from "../steps/list_binaries.ts";
import { loadConfig } from "../steps/load_config.ts";
import { formatVersion } from "../version.ts";
import type { CommandRun } from "./dispatch.ts";
import { printJson, printNote, printTable, printWarnings } from "./output.ts";

export async function bins(
  { flags }: CommandRun,
  host: Pick<Host, "files" | "env" | "platform" | "program" | "terminal">,
): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  printWarnings(warnings, config, host);
  const binaries = listBinaries(config, findLayout(host.platform, host.env), host)
    .map(({ version, path, source }) => ({ version: formatVersion(version), path, source }));
  if (flags["output"] === "json") {
    printJson(binaries, host);
    return 0;
  }
  printTable(
    [
      { title: "VERSION", cut: "never" },
      { title: "SOURCE", cut: "never" },
      { title: "PATH", cut: "middle" },
    ],
    binaries.map(({ version, source, path }) => [
      { text: version },
      { text: source },
      { text: path },
    ]),
    config,
    host,
  );
  if (binaries.length === 0) {
    printNote(`No kubectl is at hand; "kuberlr get stable" downloads the newest`, config, host);
  }
  return 0;
}
