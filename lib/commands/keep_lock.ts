/**
 * The file of `kuberlr get --lock`: versions that are in it stay the release and the bytes that
 * they were, others are added.
 *
 * @module
 */
import { HostError, KuberlrError, orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { parseWanted, type Wanted } from "../version/wanted.ts";
import { readRegularText } from "../files/steps/read_regular.ts";
import type { GotKubectl } from "./got_kubectl.ts";
import { type AskedVersion, readVersion } from "./read_versions.ts";
import { findEntry, formatLock, type LockEntry, parseLock } from "./version_lock.ts";

export interface VersionLock {
  /** Every version in it for this platform. */
  asked(): readonly AskedVersion[];
  /** The release that a version stands for; `undefined` if it is not in the lock. */
  resolve(wanted: string): Wanted | undefined;
  /**
   * Compares the digest, or adds it.
   *
   * @throws {KuberlrError} `checksum-mismatch`: what has just been downloaded is removed;
   * `pin-unavailable`: it cannot be read
   */
  check(wanted: string, got: GotKubectl): Promise<void>;
  /** Writes the file if something was added. @throws {KuberlrError} `cannot-write` */
  write(): void;
}

/**
 * @param platform `linux/amd64`
 * @throws {KuberlrError} `usage`: there is another file of this name, or it cannot be read
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
  { path, version, downloaded }: GotKubectl,
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
