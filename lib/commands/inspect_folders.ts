/**
 * Reports which of kuberlr's own folders and files are not trusted, and why. The code that reads or
 * writes them applies the same rules.
 *
 * @module
 */
import { versionOfFileName } from "../kubectls/binaries.ts";
import { orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { type Layout, layoutUnder } from "../files/layout.ts";
import { joinPath } from "../platform.ts";
import {
  type Distrust,
  findDistrustBelowRoot,
  findFileDistrust,
  followPath,
} from "../files/steps/distrust.ts";

/** `reason` follows the path in a sentence. */
export type Distrusted =
  | ({ readonly kind: "folder" } & Distrust)
  | { readonly kind: "file"; readonly path: string; readonly reason: string };

/** Lists the entries that are not trusted. The content of such a folder is not inspected. */
export function inspectFolders(
  layout: Layout,
  host: Pick<Host, "platform" | "files">,
): readonly Distrusted[] {
  const followed = followPath(layout.root, "directory", host);
  if (followed.kind === "distrusted") return [{ ...followed, kind: "folder" }];
  const root = followed.path;
  const { binaries, memo, servers, receipts, locks } = layoutUnder(host.platform, root);
  const bad: Distrusted[] = [];
  for (const path of [binaries, memo, servers, receipts, locks]) {
    const distrust = findDistrustBelowRoot(path, root, host);
    if (distrust !== undefined) {
      if (bad.every((known) => known.path !== distrust.path)) {
        bad.push({ ...distrust, kind: "folder" });
      }
      continue;
    }
    for (const name of orUndefined(() => host.files.list(path)) ?? []) {
      const file = joinPath(host.platform, path, name);
      const why = findFileDistrust(file, path, host) ??
        (path === binaries ? findNonFile(file, name, host) : undefined);
      if (why !== undefined) bad.push({ path: file, kind: "file", reason: why });
    }
  }
  return bad;
}

/** Returns the fault of a folder or device that has the name of a kubectl: it blocks the name. */
function findNonFile(
  path: string,
  name: string,
  { platform, files }: Pick<Host, "platform" | "files">,
): string | undefined {
  return versionOfFileName(platform, name) !== undefined && !isFile(path, { files })
    ? "has the name of a kubectl, but is not a file"
    : undefined;
}

function isFile(path: string, { files }: Pick<Host, "files">): boolean {
  return orUndefined(() => files.stat(path))?.kind === "file";
}
