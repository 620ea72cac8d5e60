/**
 * Tells whether two paths lead to the same file, also through links.
 *
 * @module
 */
import type { FileIdentity } from "../ports/files.ts";

/** Returns true if both are the same file; a missing file is never the same. */
export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}
