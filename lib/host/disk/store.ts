/**
 * The Store port: files that get their name only when every byte of them is on the disk.
 *
 * A temporary file is locked by the kernel for as long as its writer lives, so that anybody can
 * tell a download that is going on from what a dead process left. Its name begins with a dot: Go
 * kuberlr takes whatever begins like `kubectl1.2.3` for a kubectl.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Platform } from "../../platform.ts";
import { joinPath } from "../../platform.ts";
import type { HashAlgorithm } from "../../encoding/hash_algorithms.ts";
import type { Hash, Lock, Store, Temporary } from "../../ports/store.ts";
import { asHostError, renameOver, toFileStat } from "./files.ts";
import { tryLockFile } from "./file_locks.ts";
import { volumeOf } from "./volume.ts";
import { removeWhenInterrupted } from "../process/interrupts.ts";
import { mayAddFile } from "../process/kernel32.ts";
import { mayMakeFiles } from "../process/rare_libc.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Where locks are refused, what nobody has written to for so long is taken for a leftover. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** On Windows a lock goes before the rename, which a virus scanner may hold up. */
const RENAMED_WITHIN_MS = 60 * 1000;

/** As {@linkcode createTemporary} names them; another file is not touched. */
const TEMPORARY_NAME = /^\.kubectl[\w.-]*\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

export function denoStore(platform: Platform): Store {
  return {
    createHash,
    hashFile,
    tryLock,
    createTemporary: (directory, prefix) => createTemporary(platform, directory, prefix),
    canWrite: (directory) => canWrite(platform, directory),
    sweepTemporaries: (directory) => sweepTemporaries(platform, directory),
    volumeOf: (path) => volumeOf(path, platform),
  };
}

async function createHash(algorithm: HashAlgorithm): Promise<Hash> {
  // WebCrypto has no hash that goes on.
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
 * The file stays when the lock is released: who removed it could not know that nobody has just
 * opened it. Only a regular file is opened: a FIFO would wait for a reader for ever, a link would
 * be followed.
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

/** By something else than a regular file. */
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
    const forget = removeWhenInterrupted(path);
    try {
      const file = asHostError(
        path,
        () => Deno.openSync(path, { read: true, write: true, createNew: true, mode: 0o600 }),
      );
      // A sweep may have come between making it and locking it.
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

/** A file that is made changes the folder's times, and with them what memos know of the folder. */
function canWrite(platform: Platform, directory: string): boolean {
  const answer = platform.os === "windows"
    ? mayAddFile(directory) || undefined
    : mayMakeFiles(directory);
  if (answer !== undefined) return answer;
  try {
    createTemporary(platform, directory, "kubectl").discard();
    return true;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
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
    finish: (mode) =>
      asHostError(path, () => {
        if (platform.os !== "windows") Deno.chmodSync(path, mode);
        file.syncSync();
        return toFileStat(file.statSync());
      }),
    publish(target) {
      // Windows may refuse to rename what is open; elsewhere the lock is kept until there is
      // nothing left to sweep.
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

/** Some file systems refuse; the rename has happened all the same. */
function syncDirectory(platform: Platform, directory: string): void {
  if (platform.os === "windows") return;
  try {
    using folder = Deno.openSync(directory);
    folder.syncSync();
  } catch {
    // A power cut may now undo the rename, which is no more than downloading once again.
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
      // Gone meanwhile, or not ours to remove.
    }
  }
}

/** Whether nobody will go on with a temporary file, by what came of locking it. */
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
    // It was never made, or is gone already; else the next sweep takes it.
  }
}
