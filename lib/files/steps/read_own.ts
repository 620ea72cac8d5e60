/**
 * Reads files that kuberlr itself has written. They hold programs to run, versions and hashes, so
 * they are ignored if another user can have written them.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";
import type { OwnReading } from "../readings.ts";

/**
 * Returns the text of a file in a folder that is trusted (`findFolderDistrust`); `undefined` if the
 * file is missing or another user could have written it.
 *
 * @throws {HostError} the file cannot be read
 */
export function readOwnText(
  path: string,
  _what: OwnReading,
  files: Pick<Files, "lstat" | "readText" | "userId">,
): string | undefined {
  const stat = files.lstat(path);
  const userId = files.userId();
  if (stat?.kind !== "file" || stat.size > MAX_BYTES || (stat.mode & 0o022) !== 0) return undefined;
  if (userId !== undefined && stat.uid !== userId && stat.uid !== 0) return undefined;
  return files.readText(path);
}

/** All of these files are much smaller. */
const MAX_BYTES = 16 * 1024 * 1024;
