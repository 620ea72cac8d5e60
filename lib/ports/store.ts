/**
 * The ports for installing a kubectl: downloads from mirrors, and files that get their names only
 * once they are verified.
 *
 * @module
 */
import type { HostError } from "../errors.ts";
import type { HashAlgorithm } from "../encoding/hash_algorithms.ts";
import type { Userinfo } from "../encoding/userinfo.ts";
import type { FileStat } from "./files.ts";

export interface Downloads {
  /**
   * Sends a GET for an http, https or file URL and follows redirects, without credentials. The body
   * goes to the receiver as it arrives. No failure of a network makes it throw; errors that the
   * receiver throws are thrown again.
   */
  get(request: DownloadRequest, receiver: Receiver): Promise<DownloadResult>;
  /** Closes idle connections, as soon as no request runs; {@linkcode get} opens new ones. */
  close(): void;
}

export interface DownloadRequest {
  /** Without userinfo. */
  readonly url: string;
  /** They are sent only to the origin of `url`, not to other origins after a redirect. */
  readonly credentials: Userinfo | undefined;
  /**
   * Resumes an earlier download: that answer's validator, and the number of bytes already received.
   */
  readonly resume: { readonly offset: number; readonly validator: string } | undefined;
  /** Milliseconds after which the request fails if no answer has begun. */
  readonly answerMs: number;
  /** Milliseconds without a byte after which it fails. */
  readonly stallMs: number;
  /** Milliseconds after which it fails in any case. */
  readonly totalMs?: number;
  /** The request fails if fewer bytes than this arrive in a window of this length. */
  readonly minimumRate?: { readonly bytes: number; readonly withinMs: number };
  /** The size up to which a body is read. Bytes beyond it never reach the receiver. */
  readonly maxBytes: number;
  /** Milliseconds after which {@linkcode Receiver.waiting} is called; never by default. */
  readonly tellAfterMs?: number | undefined;
}

/** The head of an answer, known before its body. */
export interface DownloadHead {
  readonly status: number;
  /** The position in the file at which the body begins: above 0 only if the server resumed. */
  readonly offset: number;
  /** The size of the whole file in bytes, if the server tells it. */
  readonly size: number | undefined;
  /** `ETag` or `Last-Modified`, for a later {@linkcode DownloadRequest.resume}. */
  readonly validator: string | undefined;
}

export interface Receiver {
  /** Returns true if the body is wanted. */
  begin(head: DownloadHead): boolean;
  /** Receives the next bytes, in a buffer that is reused afterwards. */
  write(bytes: Uint8Array): void;
  /** Called once if the request takes long. */
  waiting?(): void;
}

export type DownloadResult =
  | {
    readonly kind: "answer";
    readonly status: number;
    /** The value of the header `Retry-After`. */
    readonly retryAfter: string | undefined;
  }
  | {
    readonly kind: "failure";
    readonly cause: DownloadFailure;
    readonly message: string;
    /**
     * The server whose certificate is refused unless its issuer is trusted directly, and the http
     * proxy before it.
     */
    readonly peer?: Peer;
  };

/** Names and ports: `dl.k8s.io:443`. */
export interface Peer {
  readonly server: string;
  readonly proxy: string | undefined;
}

/**
 * The kind of a failure:
 * - `connect`: the host does not exist or refuses connections
 * - `silent`: no answer began in time
 * - `broken`: an answer stalled or broke off
 * - `slow`: it came too slowly, or took too long in all
 * - `too-large`: it has more bytes than allowed
 * - `tls`, `tls-extension` (Deno does not know an extension of an authority's certificate),
 *   `redirect`, `protocol`: trying again would not help
 */
export type DownloadFailure =
  | "connect"
  | "silent"
  | "broken"
  | "slow"
  | "too-large"
  | "tls"
  | "tls-extension"
  | "redirect"
  | "protocol";

export interface Hash {
  update(bytes: Uint8Array): void;
  /** Returns the hash in lower-case hex. It can be called only once. */
  hex(): string;
}

export interface Store {
  createHash(algorithm: HashAlgorithm): Promise<Hash>;
  /** Returns the hash in lower-case hex; `undefined` if the file does not exist. */
  hashFile(path: string, algorithm: HashAlgorithm): Promise<string | undefined>;
  /**
   * Locks a file through the kernel, and creates it for that. The lock ends with its process.
   * Returns `held` if another process has the lock, `refused` if the file system has no locks or
   * the file cannot be created.
   */
  tryLock(path: string): Lock | "held" | "refused";
  /**
   * Creates a file named `.<prefix>.<random>.part`. It is removed if this process is interrupted.
   */
  createTemporary(directory: string, prefix: string): Temporary;
  /**
   * Returns true if files can be created in a folder. It creates one only if the system does not
   * tell.
   */
  canWrite(directory: string): boolean;
  /**
   * Makes a file in a folder, writes to it, renames and removes it. Returns why that is not
   * possible: asked for permissions, the system does not tell of a sandbox or a quota.
   */
  tryWriting(directory: string): HostError | undefined;
  /** Removes the temporary files of processes that have died. */
  sweepTemporaries(directory: string): void;
  /** Returns the file system of a path; `undefined` if the system does not tell. */
  volumeOf(path: string): Volume | undefined;
}

export interface Volume {
  readonly isReadOnly: boolean;
  /** True if programs on it cannot be executed. */
  readonly isNoexec: boolean;
  /** The number of bytes that this user can still write. */
  readonly freeBytes: number;
  /** The number of files and folders that can still be created. */
  readonly freeFiles: number;
}

export interface Lock {
  release(): void;
}

export interface Temporary {
  readonly path: string;
  append(bytes: Uint8Array): void;
  /**
   * Returns the content so far. On Windows, its lock keeps every process, this one included, from
   * reading the file otherwise.
   */
  readAll(): Uint8Array<ArrayBuffer>;
  /** Empties the file. */
  restart(): void;
  /**
   * Sets the mode, flushes the file to the disk, and returns the `stat` that the receipt records.
   *
   * @throws {HostError} it cannot be done, or another file has taken the name
   */
  finish(mode: number): Promise<FileStat>;
  /** Renames the file, replacing an existing one, and flushes the folder to the disk. */
  publish(path: string): void;
  /** Removes the file, unless it was published. */
  discard(): void;
}
