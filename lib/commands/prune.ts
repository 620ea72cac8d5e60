/**
 * `kuberlr prune`: removes the kubectls that no known cluster needs.
 *
 * It keeps every kubectl that a known server would use or used last, that a pin names, or that the
 * user asked for by name, and the newest. A file without a receipt, or one that does not match its
 * receipt, was not installed by kuberlr, and stays.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Binary } from "../kubectls/binaries.ts";
import type { Config } from "../config/config.ts";
import { objectOf, parseJson } from "../encoding/json.ts";
import { HostError, orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { type Layout, placeOf } from "../files/layout.ts";
import { addTemporaryPlaces, findPlaces } from "../files/steps/find_places.ts";
import { joinPath } from "../platform.ts";
import { receiptPath } from "../kubectls/receipt.ts";
import { bundlePath } from "../signature/bundle.ts";
import { configForContext } from "../resolver/pins.ts";
import { planKubectl } from "../resolver/resolver.ts";
import { knownVersion, parseServerRecord, type ServerRecord } from "../api_server/server_record.ts";
import { listBinaries } from "../kubectls/steps/list_binaries.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { readOwnText } from "../files/steps/read_own.ts";
import { findObjection, verifyInstalled } from "../kubectls/steps/verify_installed.ts";
import { formatVersion, parseVersion } from "../version/version.ts";
import { parseWanted, satisfies } from "../version/wanted.ts";
import { findFileDistrust, findFolderDistrust } from "../files/steps/distrust.ts";
import { markPath, wasRequested } from "./mark_requested.ts";
import { printJson, printNote, printPath, printWarnings } from "./output.ts";

/** The entry of a kubectl in `-o json`. */
interface PruneRow {
  readonly version: string;
  readonly path: string;
  /** The size of the file in bytes. */
  readonly bytes: number;
  readonly removed: boolean;
}

/** @returns 0; 125 if a kubectl cannot be removed */
export async function prune({ flags }: CommandRun, host: Host): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  printWarnings(warnings, config, host);
  const { trusted } = addTemporaryPlaces(findPlaces(host), host);
  const servers = trusted.flatMap((place) => listServers(place, host));
  const surplus = servers.length === 0 ? [] : await findSurplus(servers, config, trusted, host);
  const dryRun = flags["dry-run"] === true;
  const includesRequested = flags["all"] === true;
  const rows: PruneRow[] = [];
  let kept = 0;
  let status = 0;
  for (const { version, path, place } of surplus) {
    if (!includesRequested && wasRequested(formatVersion(version), place, host)) {
      kept++;
      continue;
    }
    const bytes = orUndefined(() => host.files.stat(path))?.size ?? 0;
    const removed = !dryRun && remove({ version, path, place }, host);
    if (!dryRun && !removed) {
      printWarnings([`Cannot remove "${path}"`], config, host);
      status = 125;
    }
    rows.push({ version: formatVersion(version), path, bytes, removed });
  }
  for (const place of dryRun ? [] : trusted) removeIdleLocks(place, host);
  if (flags["output"] === "json") {
    printJson(rows, host);
    return status;
  }
  for (const { path, removed } of rows) {
    if (removed || dryRun) printPath(path, host);
  }
  printNote(summarize({ servers: servers.length, rows, kept, dryRun }), config, host);
  return status;
}

function summarize({ servers, rows, kept, dryRun }: {
  readonly servers: number;
  readonly rows: readonly PruneRow[];
  /** The number of kubectls that stay because the user asked for them by name. */
  readonly kept: number;
  readonly dryRun: boolean;
}): string {
  if (servers === 0) {
    return `Nothing was removed: no server's version is known; "kuberlr clusters" asks every server`;
  }
  const gone = rows.filter(({ removed }) => removed || dryRun);
  const stays = kept === 0
    ? ""
    : `; ${kept} that "kuberlr get" was asked for ${kept === 1 ? "stays" : "stay"} (--all)`;
  if (gone.length === 0) return `Nothing to remove${stays}`;
  const megabytes = gone.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const size = megabytes < 10 ? megabytes.toFixed(1) : megabytes.toFixed(0);
  const what = `${gone.length} ${gone.length === 1 ? "kubectl" : "kubectls"}`;
  return dryRun
    ? `Would remove ${what}, and free ${size} MB${stays}`
    : `Removed ${what}, and freed ${size} MB${stays}`;
}

/**
 * Removes the files of locks that are not held. If another process is just about to lock one, then
 * at worst two processes download the same release, or ask the same server.
 */
function removeIdleLocks(layout: Layout, host: Host): void {
  const { locks, serverLocks } = layout;
  removeIdle(locks, (name) => parseVersion(name) !== undefined, layout, host);
  removeIdle(serverLocks, (name) => /^[0-9a-f]{16}\.lock$/.test(name), layout, host);
}

function removeIdle(
  folder: string,
  isLock: (name: string) => boolean,
  { root }: Layout,
  host: Host,
): void {
  const { files, platform, store } = host;
  if (findFolderDistrust(folder, root, host) !== undefined) return;
  for (const name of orUndefined(() => files.list(folder)) ?? []) {
    if (!isLock(name)) continue;
    const path = joinPath(platform, folder, name);
    if (findFileDistrust(path, folder, host) !== undefined) continue;
    const lock = orUndefined(() => store.tryLock(path)) ?? "refused";
    if (lock === "held" || lock === "refused") continue;
    orUndefined(() => files.remove(path));
    lock.release();
  }
}

/** Returns the records of all servers whose version is known, of any age. */
function listServers(layout: Layout, host: Host): readonly ServerRecord[] {
  const { files, platform } = host;
  if (findFolderDistrust(layout.servers, layout.root, host) !== undefined) return [];
  const names = orUndefined(() => files.list(layout.servers)) ?? [];
  return names.flatMap((name) => {
    const text = orUndefined(() =>
      readOwnText(joinPath(platform, layout.servers, name), "server-record", files)
    );
    const record = text === undefined ? undefined : parseServerRecord(text, identityIn(text));
    return record === undefined || record.gitVersion === null ? [] : [record];
  });
}

function identityIn(text: string): string {
  return String(objectOf(parseJson(text)).identity);
}

interface Surplus extends Pick<Binary, "version" | "path"> {
  readonly place: Layout;
}

async function findSurplus(
  servers: readonly ServerRecord[],
  config: Config,
  places: readonly Layout[],
  host: Host,
): Promise<readonly Surplus[]> {
  const { binaries } = listBinaries(config, places, host);
  const kept = keptPaths(servers, binaries, config, host.clock.nowMs());
  const surplus: Surplus[] = [];
  for (const binary of binaries) {
    const place = placeOf(binary.path, places, host.platform);
    if (place === undefined || kept.has(binary.path)) continue;
    if (await findObjection(binary, { place }, host) !== undefined) continue;
    const { kind } = await verifyInstalled(binary, { place }, host);
    if (kind === "installed") surplus.push({ ...binary, place });
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
  // A record does not name its contexts, so the settings of every context may apply.
  const globs = new Set(config.contexts.map(({ context }) => context));
  const configs = [config, ...[...globs].map((glob) => configForContext(config, glob))];
  for (const record of servers) {
    if (record.lastUsed !== null) kept.add(record.lastUsed);
    for (const each of configs) {
      const { plan } = planKubectl({
        need: { kind: "server" },
        server: knownVersion(record, "cache", nowMs),
        pin: undefined,
        binaries,
        lastUsed: record.lastUsed ?? undefined,
        config: each,
      });
      if (plan.kind === "use") kept.add(plan.path);
    }
  }
  for (const { kubectl } of config.pins) {
    const wanted = parseWanted(kubectl);
    for (const { version, path } of binaries) {
      if (path === kubectl || (wanted !== undefined && satisfies(version, wanted))) kept.add(path);
    }
  }
  return kept;
}

/**
 * Removes a kubectl with its receipt, signature and mark; returns whether that succeeded. A link
 * stays.
 */
function remove({ version, path, place }: Surplus, host: Host): boolean {
  const { files, platform } = host;
  try {
    if (findFolderDistrust(place.binaries, place.root, host) !== undefined) return false;
    if (files.lstat(path)?.kind !== "file") return false;
    files.remove(path);
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
  if (findFolderDistrust(place.receipts, place.root, host) !== undefined) return true;
  const notes = [
    receiptPath(place, platform, version),
    bundlePath(place, platform, version),
    markPath(formatVersion(version), place, platform),
  ];
  for (const note of notes) {
    orUndefined(() => files.lstat(note)?.kind === "file" && files.remove(note));
  }
  return true;
}
