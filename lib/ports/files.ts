/**
 * The file system as an interface. It is synchronous: the files are small and local, and a kubectl
 * command waits for each of them anyway.
 *
 * @module
 */

export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** The result of `stat`. Times are in milliseconds since the epoch. */
export interface FileStat extends FileIdentity {
  /** `link` only from {@linkcode Files.lstat}. */
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Permission bits; on Windows only the owner's, and 0 if they are unknown. */
  readonly mode: number;
  readonly uid: number;
}

/**
 * Paths are absolute or relative to the working directory. Methods that read return `undefined` for
 * a missing file (ENOENT), and throw a {@linkcode HostError} with an errno's name for any other
 * failure.
 */
export interface Files {
  readBytes(path: string): Uint8Array | undefined;
  readText(path: string): string | undefined;
  /** Follows symbolic links. */
  stat(path: string): FileStat | undefined;
  /** Does not follow a symbolic link at the end of the path. */
  lstat(path: string): FileStat | undefined;
  /** Returns the path with all symbolic links resolved. */
  realPath(path: string): string | undefined;
  /** Returns the names in a folder, in no order. */
  list(path: string): readonly string[] | undefined;
  /** Returns true if this process may execute the file, as `access(X_OK)` does. */
  isExecutable(path: string, stat: FileStat): boolean;
  /**
   * Replaces the file in one step: readers see the old content or the new one. Creates missing
   * folders with mode 0700.
   */
  writeAtomically(path: string, content: string, mode: number): void;
  /**
   * Creates a folder and the missing folders above it, with mode 0700 by default. Existing folders
   * are left as they are.
   */
  makeDirectory(path: string, mode?: number): void;
  /** Creates a symbolic link at `path`, or replaces the file there in one step. */
  linkAtomically(target: string, path: string): void;
  /**
   * Creates another name for the file `target` at `path`, on the same volume, or replaces the file
   * there in one step.
   */
  hardLinkAtomically(target: string, path: string): void;
  /** Removes a file, if it exists. */
  remove(path: string): void;
  /**
   * Returns this process's user, whose files may be trusted; `undefined` if the platform
   * has no such numbers, or if it is unknown.
   */
  userId(): number | undefined;
}
