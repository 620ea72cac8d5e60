/**
 * Whether a kubectl is one for certain: one that kuberlr keeps itself, and no script. It leads nowhere else, and needs
 * no counter against loops.
 *
 * @module
 */
import { tolerate } from "../errors.ts";
import type { LocalHost } from "../host.ts";
import { isInOwnFolder, type Layout } from "../layout.ts";
import { hasSizeOfKubectl } from "../wrapper_loop.ts";

export function isFinalKubectl(
  path: string,
  layout: Layout | undefined,
  host: Pick<LocalHost, "files" | "platform">,
): boolean {
  return isInOwnFolder(path, layout, host) &&
    hasSizeOfKubectl(tolerate(() => host.files.stat(path))?.size ?? 0);
}
