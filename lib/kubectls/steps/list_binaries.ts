/**
 * The kubectls at hand.
 *
 * @module
 */
import { type Binary, sortBinaries, versionOfFileName } from "../binaries.ts";
import type { Config } from "../../config/config.ts";
import { orUndefined } from "../../errors.ts";
import { isSameFile } from "../../files/identity.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { joinPath } from "../../platform.ts";

export interface BinariesAtHand {
  readonly binaries: readonly Binary[];
  /** Whose kubectls those of kuberlr's own are. */
  readonly layout: Layout | undefined;
}

type Readings = Pick<Host, "files" | "platform" | "program">;

/**
 * The kubectls at hand. Kuberlr's own are the home's, or, where it has none, those of the temporary folder to which downloads go
 * that cannot be kept there. `readings`: for folders of kubectls; what is temporary changes all the time, and nobody keeps that.
 */
export async function findBinaries(
  config: Pick<Config, "systemPath">,
  layout: Layout | undefined,
  host: Readings & Pick<Host, "env" | "store">,
  readings: Readings = host,
): Promise<BinariesAtHand> {
  const binaries = listBinaries(config, layout, readings);
  if (binaries.some(({ source }) => source === "local")) return { binaries, layout };
  const { findRefuge } = await import("./install_place.ts");
  const refuge = findRefuge(host);
  return refuge === undefined
    ? { binaries, layout }
    : { binaries: listBinaries(config, refuge, readings), layout: refuge };
}

/**
 * Regular executable files with a kubectl's name, newest first; kuberlr itself, under whatever name, is none. A folder
 * that is missing or cannot be read holds nothing.
 */
export function listBinaries(
  config: Pick<Config, "systemPath">,
  layout: Pick<Layout, "binaries"> | undefined,
  host: Readings,
): readonly Binary[] {
  const folders = new Map<string, Binary["source"]>();
  for (const path of config.systemPath) folders.set(path, "system");
  // Kuberlr's own folder stays its own where SystemPath names it too.
  if (layout !== undefined) folders.set(layout.binaries, "local");
  const binaries: Binary[] = [];
  for (const [folder, source] of folders) {
    for (const name of orUndefined(() => host.files.list(folder))?.toSorted() ?? []) {
      const version = versionOfFileName(host.platform, name);
      if (version === undefined) continue;
      const path = joinPath(host.platform, folder.replace(/(?<=.)\/$/, ""), name);
      if (isKubectl(path, host)) binaries.push({ version, path, source });
    }
  }
  return sortBinaries(binaries);
}

function isKubectl(path: string, { files, program }: Readings): boolean {
  const stat = orUndefined(() => files.stat(path));
  return stat?.kind === "file" && !isSameFile(stat, program.identity()) &&
    orUndefined(() => files.isExecutable(path, stat)) === true;
}
