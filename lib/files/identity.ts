/**
 * Whether two paths lead to the same file, whatever links are on the way.
 *
 * @module
 */
import type { FileIdentity } from "../ports/files.ts";

/** Whether both are the same file; a missing file equals no other. */
export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}
