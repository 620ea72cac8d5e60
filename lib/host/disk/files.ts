/**
 * The file system over Deno, synchronous and without a `node:` import, because every kubectl
 * command uses it.
 *
 * @module
 */
import type { Files, FileStat } from "../../ports/files.ts";
import { HostError } from "../../errors.ts";
import { isSameFile } from "../../files/identity.ts";
import { folderOf, type Platform } from "../../platform.ts";
import type { Links, statFast } from "../process/libc.ts";

/** `statFirst` is tried before Deno's `stat`, because it is faster. */
export function denoFiles(platform: Platform, statFirst?: typeof statFast): Files {
  const look = (path: string, links: Links, ask: (path: string) => Deno.FileInfo) => {
    const found = statFirst?.(path, links) ?? findOr(path, () => toFileStat(ask(path)));
    return found === "absent" ? undefined : found;
  };
  return {
    readBytes: (path) => findOr(path, () => Deno.readFileSync(path)),
    readText: (path) => findOr(path, () => Deno.readTextFileSync(path)),
    stat: (path) => look(path, "follow", Deno.statSync),
    lstat: (path) => look(path, "leave", Deno.lstatSync),
    realPath: (path) => findOr(path, () => Deno.realPathSync(path)),
    list: (path) => findOr(path, () => Array.from(Deno.readDirSync(path), ({ name }) => name)),
    isExecutable: (path, stat) => isExecutable(platform, path, stat),
    writeAtomically: (path, content, mode) => asHostError(path, () => replace(path, content, mode)),
    makeDirectory: (path, mode) => asHostError(path, () => makeDirectory(path, mode)),
    linkAtomically: (target, path) => asHostError(path, () => replaceByLink(target, path)),
    hardLinkAtomically: (target, path) => asHostError(path, () => replaceByHardLink(target, path)),
    remove(path) {
      findOr(path, () => Deno.removeSync(path));
    },
    userId,
  };
}

/** Runs a system call and turns its failure into a {@linkcode HostError}. */
export function asHostError<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toHostError(error, path);
  }
}

export function toFileStat(info: Deno.FileInfo, os: string = Deno.build.os): FileStat {
  return {
    kind: info.isFile ? "file" : info.isDirectory ? "directory" : info.isSymlink ? "link" : "other",
    dev: info.dev,
    ino: info.ino ?? 0,
    size: info.size,
    mtimeMs: info.mtime?.getTime() ?? 0,
    ctimeMs: info.ctime?.getTime() ?? 0,
    // Windows has "read-only"; Deno derives the bits of other users from it, which say nothing
    // about who may write.
    mode: (info.mode ?? 0) & (os === "windows" ? 0o700 : 0o7777),
    uid: info.uid ?? 0,
  };
}

function findOr<T>(path: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw toHostError(error, path);
  }
}

/**
 * Returns the number of the user that this process runs as; `undefined` also if Deno may not tell.
 */
export function userId(): number | undefined {
  try {
    return Deno.uid() ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Names of errors that Deno has no code for, by the number at the end of Rust's message. The
 * numbers are Linux'; macOS has the same ones below 35.
 */
const ERRNO: Readonly<Record<string, string>> = {
  "1": "EPERM",
  "13": "EACCES",
  "16": "EBUSY",
  "24": "EMFILE",
  "26": "ETXTBSY",
  "27": "EFBIG",
  "28": "ENOSPC",
  "30": "EROFS",
};

function toHostError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1] ?? "";
  const name = typeof code === "string"
    ? code
    : ERRNO[number] ?? (isRefusal(error) ? "EACCES" : undefined);
  // An error that is not a failed system call is a bug and keeps its own name.
  if (name === undefined && number === "") return error;
  // Deno appends the call and its path: "Permission denied (os error 13): open '/x'".
  const message = error.message.replace(/ \(os error \d+\).*$/s, "");
  return new HostError(name ?? "EIO", path, message, { cause: error });
}

/** Returns true if permission was denied, by the system or by Deno. */
function isRefusal(error: Error): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

/**
 * Returns true if this user may run a file, by its mode bits, because Deno has no `access`. Root
 * may run a file that any user may run. If the user is unknown, exec decides.
 */
function isExecutable({ os }: Platform, path: string, { kind, mode, uid }: FileStat): boolean {
  if (kind !== "file") return false;
  if (os === "windows") return /\.exe$/i.test(path);
  const me = userId();
  if (me === 0 || me === undefined) return (mode & 0o111) !== 0;
  if (uid === me) return (mode & 0o100) !== 0;
  if ((mode & 0o011) === 0o011) return true;
  if ((mode & 0o011) === 0) return false;
  // The bits of group and others differ, and Deno does not report supplementary groups. In doubt,
  // exec decides.
  const inGroup = asHostError(path, () => Deno.statSync(path).gid === Deno.gid());
  return inGroup ? (mode & 0o010) !== 0 : true;
}

/** Makes a folder and those above it. A umask that would deny the user access is overridden. */
function makeDirectory(path: string, mode = 0o700): void {
  try {
    makeUnlessThere(path, mode);
  } catch (error) {
    const above = folderOf(path);
    if (!(error instanceof Deno.errors.NotFound) || above === "" || above === path) throw error;
    makeDirectory(above, mode);
    // Another process may have made it in the meantime.
    makeUnlessThere(path, mode);
  }
}

function makeUnlessThere(path: string, mode: number): void {
  try {
    makeOneDirectory(path, mode);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists && leadsToDirectory(path))) throw error;
  }
}

function leadsToDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // A link that leads nowhere.
  }
}

function makeOneDirectory(path: string, mode: number): void {
  Deno.mkdirSync(path, { mode });
  const made = Deno.lstatSync(path).mode;
  if (made !== null && (made & 0o700) !== (mode & 0o700)) Deno.chmodSync(path, mode);
}

/**
 * Writes a file atomically. It is not fsynced, because such files can be made again: after a power
 * cut it may be empty, and every reader treats an empty file as missing.
 */
function replace(path: string, content: string, mode: number): void {
  publish(path, (temporary) => {
    using file = openNew(temporary, mode);
    const bytes = new TextEncoder().encode(content);
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  });
}

/**
 * Makes a file of this mode with any umask that Deno may change. Some file systems do not change a
 * mode afterwards.
 */
export function openNew(path: string, mode: number): Deno.FsFile {
  const umask = changeUmask(0);
  try {
    return Deno.openSync(path, { read: true, write: true, createNew: true, mode });
  } finally {
    if (umask !== undefined) changeUmask(umask);
  }
}

/** Returns the former umask; `undefined` if it could not be changed. */
function changeUmask(umask: number): number | undefined {
  if (Deno.build.os === "windows") return undefined;
  try {
    return Deno.umask(umask);
  } catch {
    return undefined; // It needs a permission.
  }
}

function replaceByLink(target: string, path: string): void {
  publish(path, (temporary) => Deno.symlinkSync(target, temporary, { type: "file" }));
}

/** Does nothing if both are the same file: renaming a file to its second name would leave both. */
function replaceByHardLink(target: string, path: string): void {
  const there = findOr(path, () => toFileStat(Deno.lstatSync(path)));
  if (isSameFile(there, toFileStat(Deno.statSync(target)))) return;
  publish(path, (temporary) => Deno.linkSync(target, temporary));
}

function publish(path: string, make: (temporary: string) => void): void {
  const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  try {
    try {
      make(temporary);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      makeDirectory(folderOf(path));
      make(temporary);
    }
    renameOver(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // The temporary file was never made, or cannot be removed: the first error is the one to
      // report.
    }
    throw error;
  }
}

/**
 * Renames a file over another. Windows does not replace a running program, but can rename it. So it
 * is moved aside, to a temporary name that the next sweep removes, and moved back if the rename
 * fails.
 */
export function renameOver(temporary: string, path: string, os: string = Deno.build.os): void {
  try {
    Deno.renameSync(temporary, path);
    return;
  } catch (error) {
    if (os !== "windows") throw error;
    if (isDirectory(path)) throw new HostError("EISDIR", path, "it is a folder");
    if (!isRunningProgram(error, path)) throw error;
  }
  const aside = `${folderOf(path)}\\.kubectl.${crypto.randomUUID()}.part`;
  Deno.renameSync(path, aside);
  try {
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.renameSync(aside, path);
    throw error;
  }
  try {
    Deno.removeSync(aside);
  } catch {
    // The old program still runs.
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

/**
 * Returns true if a rename may have failed because the program runs. A virus scanner that keeps a
 * new file open looks the same; moving that file aside fails as well, and the caller retries.
 */
function isRunningProgram(error: unknown, path: string): boolean {
  return error instanceof Error && isRefusal(error) && /\.exe$/i.test(path) &&
    Deno.lstatSync(path).isFile;
}
