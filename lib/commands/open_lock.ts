/**
 * Reads and writes the file of `kuberlr get --lock`. A version in it stands for the same release
 * and the same bytes every time; other versions are added.
 *
 * @module
 */
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { parseWanted, type Wanted } from "../version/wanted.ts";
import { readRegularText } from "../files/steps/read_regular.ts";
import type { GetResult } from "./get_result.ts";
import { type AskedVersion, readVersion } from "./read_versions.ts";
import { findEntry, formatLock, type LockEntry, parseLock } from "./version_lock.ts";

export interface VersionLock {
  /** Returns every version in the lock for this platform. */
  asked(): readonly AskedVersion[];
  /** Returns the release that a version stands for; `undefined` if it is not in the lock. */
  resolve(wanted: string): Wanted | undefined;
  /**
   * Compares the digest of a kubectl with the lock's, or adds it to the lock.
   *
   * @throws {KuberlrError} `checksum-mismatch`, after removing the file if it was just downloaded;
   * `pin-unavailable`: the file cannot be read
   */
  check(wanted: string, got: GetResult): Promise<void>;
  /** Writes the file if something was added. @throws {KuberlrError} `cannot-write` */
  write(): void;
}

/**
 * Reads a lock file; a missing file is an empty lock.
 *
 * @param platform `linux/amd64`
 * @throws {KuberlrError} `usage`: the file is not a lock file, or it cannot be read
 */
export function openLock(
  path: string,
  platform: string,
  host: Pick<Host, "files" | "store">,
): VersionLock {
  const { files, store } = host;
  const entries: LockEntry[] = [...readLock(path, files)];
  let changed = false;
  return {
    asked: () =>
      entries.filter((entry) => entry.platform === platform).map(({ wanted }) =>
        readVersion(wanted, `"${path}": `)
      ),
    resolve(wanted) {
      const entry = findEntry(entries, wanted, platform);
      return entry && parseWanted(entry.version);
    },
    async check(wanted, got) {
      const sha256 = await hashOf(got.path, store);
      const entry = findEntry(entries, wanted, platform);
      if (entry === undefined) {
        entries.push({ wanted, version: got.version, platform, sha256 });
        changed = true;
      } else if (entry.sha256 !== sha256) {
        if (got.downloaded) orUndefined(() => files.remove(got.path));
        throw mismatch(path, got, { said: entry.sha256, found: sha256 });
      }
    },
    write() {
      if (!changed) return;
      try {
        files.writeAtomically(path, formatLock(entries), 0o644);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        throw new KuberlrError("cannot-write", `Cannot write "${path}": ${error.message}`, {
          hint: "Name a file that can be written, with --lock",
          cause: error,
        });
      }
    },
  };
}

function readLock(path: string, files: Host["files"]): readonly LockEntry[] {
  let text: string | undefined;
  try {
    text = readRegularText(path, "version-lock", files);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new KuberlrError("usage", `Cannot read "${path}": ${error.message}`, {
      hint: "Name the file that is to be written, with --lock",
      cause: error,
    });
  }
  const entries = text === undefined ? [] : parseLock(text);
  if (typeof entries !== "number") return entries;
  throw new KuberlrError("usage", `"${path}", line ${entries}: this is not a line of a lock file`, {
    hint: "Correct it, or name another file with --lock",
  });
}

async function hashOf(path: string, store: Host["store"]): Promise<string> {
  let reason = "it does not exist";
  try {
    const hash = await store.hashFile(path, "sha256");
    if (hash !== undefined) return hash;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    reason = error.message;
  }
  throw new KuberlrError("pin-unavailable", `Cannot read "${path}": ${reason}`, {
    hint: `"kuberlr doctor" looks for what is wrong`,
  });
}

function mismatch(
  lockPath: string,
  { path, version, downloaded }: GetResult,
  { said, found }: { readonly said: string; readonly found: string },
): KuberlrError {
  const digests = `its SHA-256 is ${found.slice(0, 12)}…, not ${said.slice(0, 12)}…`;
  return new KuberlrError(
    "checksum-mismatch",
    `kubectl ${version} is not the one in "${lockPath}": ${digests}`,
    {
      hint: downloaded
        ? `It was removed again; ask the mirror's administrators what has changed, or remove the line from "${lockPath}"`
        : `Remove "${path}" to download it again, or remove the line from "${lockPath}"`,
    },
  );
}
