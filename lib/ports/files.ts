/**
 * The file system as an interface. Files are synchronous: they are small, local, and a kubectl
 * command waits for each of them anyway.
 *
 * @module
 */

export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** The result of `stat`. Times in milliseconds since the epoch. */
export interface FileStat extends FileIdentity {
  /** `link` from {@linkcode Files.lstat} only. */
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Permission bits; on Windows the owner's alone, and 0 if they are unknown. */
  readonly mode: number;
  readonly uid: number;
}

/**
 * Every method takes absolute or cwd-relative paths as the system does. What is missing (ENOENT) is
 * `undefined`; any other trouble is a {@linkcode HostError} with errno's name.
 */
export interface Files {
  readBytes(path: string): Uint8Array | undefined;
  readText(path: string): string | undefined;
  /** Follows links. */
  stat(path: string): FileStat | undefined;
  /** Of the link itself. */
  lstat(path: string): FileStat | undefined;
  /** With every link followed. */
  realPath(path: string): string | undefined;
  /** Names in no order. */
  list(path: string): readonly string[] | undefined;
  /** Whether this process may execute the file, as `access(X_OK)` answers. */
  isExecutable(path: string, stat: FileStat): boolean;
  /**
   * Replaces the file in one step: readers see the old content or the new one. Makes missing
   * directories (0700).
   */
  writeAtomically(path: string, content: string, mode: number): void;
  /**
   * With everything above it, each 0700 unless said otherwise; what is there already is left as it
   * is.
   */
  makeDirectory(path: string, mode?: number): void;
  /** A symbolic link at `path`, replacing what is there in one step. */
  linkAtomically(target: string, path: string): void;
  /**
   * Another name for the file `target`, on the same volume; replaces what is at `path` in one step.
   */
  hardLinkAtomically(target: string, path: string): void;
  /** A missing file is not an error. */
  remove(path: string): void;
  /**
   * Whose files are our own; `undefined` where the platform has no such numbers, or it is unknown.
   */
  userId(): number | undefined;
}
