/**
 * Reading back what kuberlr itself has written. Such a file names programs to run, versions to choose and hashes to
 * believe: one that somebody else wrote, could have written, or has put a link in the place of, says nothing.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";

/** `undefined` for what is missing or not our own. @throws {HostError} */
export function readOwnText(
  path: string,
  files: Pick<Files, "lstat" | "readText" | "userId">,
): string | undefined {
  const stat = files.lstat(path);
  const userId = files.userId();
  if (stat?.kind !== "file" || stat.size > MAX_BYTES || (stat.mode & 0o022) !== 0) return undefined;
  if (userId !== undefined && stat.uid !== userId) return undefined;
  return files.readText(path);
}

/** Thousands of times what any of them has. */
const MAX_BYTES = 16 * 1024 * 1024;
