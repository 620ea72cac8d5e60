/**
 * `kuberlr prune`: removes the kubectls that no known cluster needs.
 *
 * Kept are: what each server that is remembered would be given and was given last, what a pin asks for, and the newest.
 * What has no receipt, or is not what the receipt says, was put there by somebody else, and stays.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Binary } from "../kubectls/binaries.ts";
import type { Config } from "../config/config.ts";
import { objectOf, parseJson } from "../encoding/json.ts";
import { HostError, orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { findLayout, type Layout } from "../files/layout.ts";
import { joinPath } from "../platform.ts";
import { receiptPath } from "../kubectls/receipt.ts";
import { bundlePath } from "../signature/bundle.ts";
import { planKubectl } from "../resolver/resolver.ts";
import { knownVersion, parseServerRecord, type ServerRecord } from "../api_server/server_record.ts";
import { listBinaries } from "../kubectls/steps/list_binaries.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { readOwnText } from "../files/steps/read_own.ts";
import { verifyInstalled } from "../kubectls/steps/verify_installed.ts";
import { formatVersion, type Version } from "../version/version.ts";
import { parseWanted, satisfies } from "../version/wanted.ts";
import { printJson, printNote, printPath, printWarnings } from "./output.ts";

export async function prune({ flags }: CommandRun, host: Host): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  printWarnings(warnings, config, host);
  const layout = findLayout(host.platform, host.env);
  const servers = layout === undefined ? [] : listServers(layout, host);
  const surplus = layout === undefined || servers.length === 0
    ? []
    : await findSurplus(servers, config, layout, host);
  const dryRun = flags["dry-run"] === true;
  const rows: { version: string; path: string; removed: boolean }[] = [];
  let status = 0;
  for (const { version, path } of surplus) {
    const removed = !dryRun &&
      remove(path, layout && notesOf(version, layout, host), host);
    if (!dryRun && !removed) {
      printWarnings([`Cannot remove "${path}"`], config, host);
      status = 125;
    }
    rows.push({ version: formatVersion(version), path, removed });
  }
  if (flags["output"] === "json") {
    printJson(rows, host);
    return status;
  }
  for (const { path, removed } of rows) {
    if (removed || dryRun) printPath(path, host);
  }
  printNote(summaryOf(servers.length, rows.length, dryRun), config, host);
  return status;
}

function summaryOf(servers: number, surplus: number, dryRun: boolean): string {
  if (servers === 0) {
    return `Nothing to go by: no server's version is remembered; "kuberlr clusters" asks them all`;
  }
  if (surplus === 0) return "Every kubectl is needed, or was not installed by kuberlr";
  return dryRun ? "These would be removed" : "These were removed";
}

/** Those whose version is remembered, however long ago. */
function listServers(layout: Layout, { files, platform }: Host): readonly ServerRecord[] {
  const names = orUndefined(() => files.list(layout.servers)) ?? [];
  return names.flatMap((name) => {
    const text = orUndefined(() => readOwnText(joinPath(platform, layout.servers, name), files));
    const record = text === undefined ? undefined : parseServerRecord(text, identityIn(text));
    return record === undefined || record.gitVersion === null ? [] : [record];
  });
}

function identityIn(text: string): string {
  return String(objectOf(parseJson(text)).identity);
}

async function findSurplus(
  servers: readonly ServerRecord[],
  config: Config,
  layout: Layout,
  host: Host,
): Promise<readonly Binary[]> {
  const binaries = listBinaries(config, layout, host);
  const kept = keptPaths(servers, binaries, config, host.clock.nowMs());
  const surplus: Binary[] = [];
  for (const binary of binaries) {
    if (binary.source !== "local" || kept.has(binary.path)) continue;
    if ((await verifyInstalled(binary, layout, host)).kind === "installed") surplus.push(binary);
  }
  return surplus;
}

function keptPaths(
  servers: readonly ServerRecord[],
  binaries: readonly Binary[],
  config: Config,
  nowMs: number,
): ReadonlySet<string> {
  const kept = new Set<string>();
  const [newest] = binaries;
  if (newest !== undefined) kept.add(newest.path);
  for (const record of servers) {
    if (record.lastUsed !== null) kept.add(record.lastUsed);
    const { plan } = planKubectl({
      need: { kind: "server" },
      server: knownVersion(record, "cache", nowMs),
      pin: undefined,
      binaries,
      lastUsed: record.lastUsed ?? undefined,
      config,
    });
    if (plan.kind === "use") kept.add(plan.path);
  }
  for (const { kubectl } of config.pins) {
    const wanted = parseWanted(kubectl);
    for (const { version, path } of binaries) {
      if (path === kubectl || (wanted !== undefined && satisfies(version, wanted))) kept.add(path);
    }
  }
  return kept;
}

function notesOf(version: Version, layout: Layout, { platform }: Host): readonly string[] {
  return [receiptPath, bundlePath].map((pathOf) => pathOf(layout, platform, version));
}

function remove(path: string, notes: readonly string[] | undefined, { files }: Host): boolean {
  try {
    files.remove(path);
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
  for (const note of notes ?? []) orUndefined(() => files.remove(note));
  return true;
}
