/**
 * Lists the installed kubectls: in kuberlr's own places, and in the folders of `SystemPath`.
 *
 * @module
 */
import { type Binary, sortBinaries, type Unusable, versionOfFileName } from "../binaries.ts";
import type { Config } from "../../config/config.ts";
import { orUndefined } from "../../errors.ts";
import { isSameFile } from "../../files/identity.ts";
import type { Host } from "../../ports/host.ts";
import { findLayout, type Layout } from "../../files/layout.ts";
import type { Places } from "../../files/steps/find_places.ts";
import { joinPath } from "../../platform.ts";

export interface Inventory {
  /** Newest first. */
  readonly binaries: readonly Binary[];
  readonly unusable: readonly Unusable[];
}

type ListingHost = Pick<Host, "files" | "platform" | "program"> & {
  readonly store: Pick<Host["store"], "volumeOf">;
};

/**
 * Lists the files with a kubectl's name. Kuberlr itself is left out, under any name. A folder that
 * is missing or cannot be read counts as empty.
 */
export function listBinaries(
  config: Pick<Config, "systemPath">,
  layouts: readonly Pick<Layout, "binaries">[],
  host: ListingHost,
): Inventory {
  const folders = new Map<string, Binary["source"]>();
  for (const path of config.systemPath) folders.set(path, "system");
  // One of kuberlr's own folders stays its own if SystemPath names it, too.
  for (const { binaries } of layouts) folders.set(binaries, "local");
  const binaries: Binary[] = [];
  const unusable: Unusable[] = [];
  for (const [folder, source] of folders) {
    const found = listNames(folder, host);
    const isNoexec = found.length > 0 && host.store.volumeOf(folder)?.isNoexec === true;
    for (const { path, version } of found) {
      const fault = findUnusable(path, isNoexec, host);
      if (fault === undefined) binaries.push({ version, path, source });
      else if (fault !== "kuberlr") unusable.push({ version, path, reason: fault });
    }
  }
  return { binaries: sortBinaries(binaries), unusable };
}

/**
 * Lists the kubectls in the home's folder that must not be used, for the messages that name them.
 */
export function listDistrusted(
  { homeFault }: Pick<Places, "homeFault">,
  host: Pick<Host, "env" | "files" | "platform">,
): readonly Unusable[] {
  const home = findLayout(host.platform, host.env);
  if (home === undefined || homeFault?.kind !== "distrusted") return [];
  const reason = `is not used, because "${homeFault.path}" ${homeFault.reason}`;
  return listNames(home.binaries, host).map((found) => ({ ...found, reason }));
}

function listNames(
  folder: string,
  { files, platform }: Pick<Host, "files" | "platform">,
): readonly Pick<Binary, "path" | "version">[] {
  return (orUndefined(() => files.list(folder))?.toSorted() ?? []).flatMap((name) => {
    const version = versionOfFileName(platform, name);
    const path = joinPath(platform, folder.replace(/(?<=.)\/$/, ""), name);
    return version === undefined ? [] : [{ path, version }];
  });
}

function findUnusable(
  path: string,
  isNoexec: boolean,
  { files, program }: ListingHost,
): string | undefined {
  const stat = orUndefined(() => files.stat(path));
  if (stat === undefined) return "is a link that leads nowhere";
  if (stat.kind !== "file") return "is not a file";
  if (isSameFile(stat, program.identity())) return "kuberlr";
  if (isNoexec) return 'is on a file system that is mounted "noexec"';
  return orUndefined(() => files.isExecutable(path, stat)) === true
    ? undefined
    : "is not executable";
}
