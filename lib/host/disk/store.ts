/**
 * The Store port: a file gets its final name only when all its bytes are on the disk.
 *
 * The kernel locks a temporary file while its writer lives, so that every process can tell a
 * running download from the leftover of a dead one. Its name begins with a dot, because Go kuberlr
 * takes every name that begins like `kubectl1.2.3` for a kubectl.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Platform } from "../../platform.ts";
import { joinPath } from "../../platform.ts";
import type { HashAlgorithm } from "../../encoding/hash_algorithms.ts";
import type { Hash, Lock, Store, Temporary } from "../../ports/store.ts";
import { asHostError, openNew, renameOver, toFileStat } from "./files.ts";
import { isSameFile } from "../../files/identity.ts";
import { tryLockFile } from "./file_locks.ts";
import { volumeOf } from "./volume.ts";
import { failAtFileSizeLimit } from "../process/ignored_signals.ts";
import { removeWhenInterrupted } from "../process/interrupts.ts";
import { mayAddFile } from "../process/kernel32.ts";
import { mayMakeFiles } from "../process/rare_libc.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Without locks, a temporary file that was not written to for this time is a leftover. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** On Windows a lock is released before the rename, which a virus scanner may delay. */
const RENAMED_WITHIN_MS = 60 * 1000;

/** Matches the names that {@linkcode createTemporary} makes; no other file is touched. */
const TEMPORARY_NAME = /^\.kubectl[\w.-]*\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

export function denoStore(platform: Platform): Store {
  return {
    createHash,
    hashFile,
    tryLock,
    createTemporary: (directory, prefix) => createTemporary(platform, directory, prefix),
    canWrite: (directory) => canWrite(platform, directory),
    tryWriting: (directory) => tryWriting(platform, directory),
    sweepTemporaries: (directory) => sweepTemporaries(platform, directory),
    volumeOf: (path) => volumeOf(path, platform),
  };
}

async function createHash(algorithm: HashAlgorithm): Promise<Hash> {
  // WebCrypto cannot hash piece by piece.
  const crypto = await import("node:crypto");
  const hash = crypto.createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
}

async function hashFile(path: string, algorithm: HashAlgorithm): Promise<string | undefined> {
  const hash = await createHash(algorithm);
  try {
    using file = asHostError(path, () => Deno.openSync(path));
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = asHostError(path, () => file.readSync(buffer));
      if (count === null) return hash.hex();
      hash.update(buffer.subarray(0, count));
    }
  } catch (error) {
    if (error instanceof HostError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Locks the file at `path`, which is created if missing. It stays when the lock is released,
 * because another process may have just opened it. Only a regular file is opened: opening a FIFO
 * would wait forever, and a link would be followed.
 */
function tryLock(path: string): Lock | "held" | "refused" {
  let file: Deno.FsFile;
  try {
    if (isTaken(path)) return "refused";
    file = Deno.openSync(path, { write: true, create: true, mode: 0o600 });
  } catch {
    return "refused";
  }
  const lock = tryLockFile(file, path);
  if (typeof lock === "string") {
    file.close();
    return lock;
  }
  return {
    release() {
      file.close();
      lock.release();
    },
  };
}

/** Returns true if something other than a regular file has this path. */
function isTaken(path: string): boolean {
  try {
    return !Deno.lstatSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function createTemporary(platform: Platform, directory: string, prefix: string): Temporary {
  for (;;) {
    const path = joinPath(platform, directory, `.${prefix}.${crypto.randomUUID()}.part`);
    const forgetPath = removeWhenInterrupted(path);
    const restoreSignal = failAtFileSizeLimit();
    const forget = () => {
      restoreSignal();
      forgetPath();
    };
    try {
      const file = asHostError(
        path,
        () => openNew(path, 0o600),
      );
      // A sweep may have removed it between creating and locking.
      const lock = tryLockFile(file, path);
      const release = () => {
        file.close();
        if (typeof lock === "object") lock.release();
      };
      if (lock !== "held" && isStillThere(path, file)) {
        return temporaryFile({ platform, path, file, release, forget });
      }
      release();
      forget();
      tryRemove(path);
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/**
 * Returns true if files can be created in a folder. The system is asked first, because creating a
 * file changes the folder's times, which are facts of memos.
 */
function canWrite(platform: Platform, directory: string): boolean {
  const answer = platform.os === "windows"
    ? mayAddFile(directory) || undefined
    : mayMakeFiles(directory);
  return answer ?? tryWriting(platform, directory) === undefined;
}

function tryWriting(platform: Platform, directory: string): HostError | undefined {
  const path = joinPath(platform, directory, `.kubectl.${crypto.randomUUID()}.part`);
  const renamed = path.replace(/part$/, "moved.part");
  try {
    asHostError(path, () => {
      {
        using file = openNew(path, 0o600);
        file.writeSync(new Uint8Array(1));
      }
      Deno.renameSync(path, renamed);
    });
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  } finally {
    tryRemove(path);
    tryRemove(renamed);
  }
}

/**
 * Changes the mode of an open file. `Deno.chmodSync` takes a path only, and in a folder that
 * another user can write, that may lead to another file by then. A file system without modes may
 * refuse it, if every file is executable there.
 *
 * @throws {HostError} `ESTALE`: another file has this path
 */
async function changeMode(path: string, file: Deno.FsFile, mode: number): Promise<void> {
  const fs = await import("node:fs");
  asHostError(path, () => {
    const { O_RDONLY, O_NOFOLLOW } = fs.constants;
    const descriptor = fs.openSync(path, O_RDONLY | O_NOFOLLOW);
    try {
      const { dev, ino, mode: before } = fs.fstatSync(descriptor);
      if (!isSameFile({ dev, ino }, toFileStat(file.statSync()))) {
        throw new HostError("ESTALE", path, "another file has taken its name");
      }
      try {
        fs.fchmodSync(descriptor, mode);
      } catch (error) {
        if ((before & mode & 0o700) !== (mode & 0o700)) throw error;
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

function isStillThere(path: string, file: Deno.FsFile): boolean {
  try {
    return Deno.lstatSync(path).ino === file.statSync().ino;
  } catch {
    return false;
  }
}

function temporaryFile(
  { platform, path, file, release, forget }: {
    readonly platform: Platform;
    readonly path: string;
    readonly file: Deno.FsFile;
    readonly release: () => void;
    readonly forget: () => void;
  },
): Temporary {
  let state: "open" | "closed" | "gone" = "open";
  const close = () => {
    if (state === "open") release();
    state = "closed";
  };
  return {
    path,
    append(bytes) {
      asHostError(path, () => {
        for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
      });
    },
    readAll: () =>
      asHostError(path, () => {
        const bytes = new Uint8Array(file.statSync().size);
        file.seekSync(0, Deno.SeekMode.Start);
        for (let done = 0, count; done < bytes.length; done += count) {
          count = file.readSync(bytes.subarray(done));
          if (count === null) break;
        }
        return bytes;
      }),
    restart() {
      asHostError(path, () => {
        file.truncateSync(0);
        file.seekSync(0, Deno.SeekMode.Start);
      });
    },
    async finish(mode) {
      if (platform.os !== "windows") await changeMode(path, file, mode);
      return asHostError(path, () => {
        file.syncSync();
        return toFileStat(file.statSync());
      });
    },
    publish(target) {
      // Windows may refuse to rename an open file. Elsewhere the lock is kept until nothing is left
      // to sweep.
      if (platform.os === "windows") close();
      asHostError(target, () => renameOver(path, target));
      close();
      state = "gone";
      forget();
      syncDirectory(platform, target.slice(0, target.lastIndexOf("/")));
    },
    discard() {
      if (state === "gone") return;
      close();
      state = "gone";
      tryRemove(path);
      forget();
    },
  };
}

/** Fsyncs a folder. Some file systems refuse this, after a successful rename. */
function syncDirectory(platform: Platform, directory: string): void {
  if (platform.os === "windows") return;
  try {
    using folder = Deno.openSync(directory);
    folder.syncSync();
  } catch {
    // A power cut may now undo the rename, and the next command downloads again.
  }
}

function sweepTemporaries(platform: Platform, directory: string): void {
  const names = asHostError(
    directory,
    () => Array.from(Deno.readDirSync(directory), ({ name }) => name),
  );
  for (const name of names) {
    if (!TEMPORARY_NAME.test(name)) continue;
    const path = joinPath(platform, directory, name);
    try {
      if (!Deno.lstatSync(path).isFile) continue;
      using file = Deno.openSync(path, { write: true });
      const lock = tryLockFile(file, path);
      const idleMs = Date.now() - (file.statSync().mtime?.getTime() ?? Infinity);
      try {
        if (isAbandoned(typeof lock === "object" ? "got" : lock, idleMs, platform)) {
          Deno.removeSync(path);
        }
      } finally {
        if (typeof lock === "object") lock.release();
      }
    } catch {
      // The file is gone, or belongs to another user.
    }
  }
}

/** Tells whether the writer of a temporary file is gone, by the result of locking it. */
export function isAbandoned(
  lock: "got" | "held" | "refused",
  idleMs: number,
  { os }: Platform,
): boolean {
  if (lock === "held") return false;
  if (lock === "refused") return idleMs > ABANDONED_AFTER_MS;
  return os !== "windows" || idleMs > RENAMED_WITHIN_MS;
}

function tryRemove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never created, or is gone already; otherwise the next sweep removes it.
  }
}
