/**
 * Tells whether a file is certainly a kubectl: kuberlr has installed it, and it is neither a script
 * nor a link. It cannot lead back to kuberlr, so it needs no counter against loops.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { folderOf } from "../../platform.ts";
import { hasSizeOfKubectl } from "../wrapper_loop.ts";

export function skipsLoopGuard(
  path: string,
  places: readonly Pick<Layout, "binaries">[],
  { files }: Pick<LocalHost, "files">,
): boolean {
  // A pin may name any path.
  if (!places.some(({ binaries }) => folderOf(path) === binaries)) return false;
  const found = orUndefined(() => files.lstat(path));
  return found?.kind === "file" && hasSizeOfKubectl(found.size);
}
