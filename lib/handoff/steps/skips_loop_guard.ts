/**
 * Whether a kubectl is one for certain: a file that kuberlr keeps itself, neither a script nor a
 * link. It leads nowhere else, and needs no counter against loops.
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
  // A pin may name any path, also one that leaves the folder again.
  if (!places.some(({ binaries }) => folderOf(path) === binaries)) return false;
  const found = orUndefined(() => files.lstat(path));
  return found?.kind === "file" && hasSizeOfKubectl(found.size);
}
