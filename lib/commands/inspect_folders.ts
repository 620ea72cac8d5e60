/**
 * What of kuberlr's own is not trusted, and why: for people to read. Whoever reads or writes those files decides for
 * itself, by the same rules.
 *
 * @module
 */
import { versionOfFileName } from "../kubectls/binaries.ts";
import { orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import type { Layout } from "../files/layout.ts";
import { joinPath } from "../platform.ts";
import { findDistrustDown, findDistrustOf } from "../files/steps/distrust.ts";

export interface Distrusted {
  readonly path: string;
  readonly kind: "folder" | "file";
  /** To follow the path in a sentence. */
  readonly reason: string;
}

/** Of a folder that is not trusted nothing in it is looked at. */
export function inspectFolders(
  layout: Layout,
  ports: Pick<Host, "platform" | "files">,
): readonly Distrusted[] {
  const root = findDistrustOf(layout.root, undefined, ports) ??
    (isFile(layout.root, ports) ? "is no folder" : undefined);
  if (root !== undefined) return [{ path: layout.root, kind: "folder", reason: root }];
  const { binaries, cache, memo, servers, receipts, locks } = layout;
  const bad: Distrusted[] = [];
  for (const path of [binaries, cache, memo, servers, receipts, locks]) {
    if (bad.some((above) => path.startsWith(joinPath(ports.platform, above.path, "")))) continue;
    const reason = findDistrustDown(path, layout.root, ports);
    if (reason !== undefined) {
      bad.push({ path, kind: "folder", reason });
    } else if (path !== cache) {
      for (const name of orUndefined(() => ports.files.list(path)) ?? []) {
        const file = joinPath(ports.platform, path, name);
        const why = findDistrustOf(file, path, ports) ??
          (path === binaries ? findMisnomer(file, name, ports) : undefined);
        if (why !== undefined) bad.push({ path: file, kind: "file", reason: why });
      }
    }
  }
  return bad;
}

/** What is never taken for a kubectl, and keeps one from having its name. */
function findMisnomer(
  path: string,
  name: string,
  { platform, files }: Pick<Host, "platform" | "files">,
): string | undefined {
  return versionOfFileName(platform, name) !== undefined && !isFile(path, { files })
    ? "has a kubectl's name, and is no file"
    : undefined;
}

function isFile(path: string, { files }: Pick<Host, "files">): boolean {
  return orUndefined(() => files.stat(path))?.kind === "file";
}
