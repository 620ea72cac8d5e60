/**
 * Where kuberlr would write and cannot, and what follows from it: for people to read. A kubectl command finds out by
 * itself and goes on without.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import type { Layout } from "../files/layout.ts";
import { folderOf } from "../platform.ts";

export interface Unwritable {
  /** A folder of kuberlr's, or the nearest one above it that is there. */
  readonly path: string;
  /** What follows, each to go on with a sentence. */
  readonly consequences: readonly string[];
  readonly hint: string;
}

interface Ports {
  readonly files: Host["files"];
  readonly store: Pick<Host["store"], "canWrite">;
}

export function findUnwritable(
  layout: Layout,
  { files, store }: Ports,
): readonly Unwritable[] {
  const { memo, servers, binaries } = layout;
  const found = new Map<string, Set<string>>();
  for (
    const [folder, consequence] of [
      [memo, "nothing is remembered, and every command asks anew"],
      [servers, "nothing is remembered, and every command asks anew"],
      [binaries, "what is downloaded goes to a temporary folder"],
    ] as const
  ) {
    const path = findNearest(folder, files);
    if (store.canWrite(path)) continue;
    found.set(path, (found.get(path) ?? new Set()).add(consequence));
  }
  return Array.from(found, ([path, consequences]) => ({
    path,
    consequences: [...consequences],
    hint: chooseHint(path, layout, files),
  }));
}

/** What may not be looked at is there. */
function findNearest(path: string, files: Ports["files"]): string {
  const isThere = orUndefined(() => files.stat(path) !== undefined) ?? true;
  const above = folderOf(path);
  return isThere || above === path ? path : findNearest(above, files);
}

function chooseHint(path: string, { root }: Layout, files: Ports["files"]): string {
  const home = folderOf(root);
  if (path !== home && home.startsWith(path)) {
    return `Make "${home}" for this user, or let HOME name a folder of theirs`;
  }
  const stat = orUndefined(() => files.stat(path));
  const isOurs = stat === undefined || stat.uid === files.userId();
  if (isOurs && ((stat?.mode ?? 0) & 0o300) !== 0o300) return `Open it: chmod u+rwx "${path}"`;
  return isOurs
    ? `Let "${root}" be on a file system that can be written`
    : `Give "${path}" to this user, or let "${root}" be one of its own`;
}
