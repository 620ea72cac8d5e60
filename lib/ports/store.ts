/**
 * The two ports of the outside world that installing a kubectl needs: files got from mirrors, and
 * files put in place so that a name only ever holds verified bytes.
 *
 * @module
 */
import type { HashAlgorithm } from "../encoding/hash_algorithms.ts";
import type { Userinfo } from "../encoding/userinfo.ts";
import type { FileStat } from "./files.ts";

export interface Downloads {
  /**
   * One GET of an http, https or file URL, redirects followed (credentials not). The body goes to
   * the receiver as it comes. Never throws for what a network can do; what the receiver throws
   * passes through.
   */
  get(request: DownloadRequest, receiver: Receiver): Promise<DownloadResult>;
  /** Lets go of what idles, as soon as nothing is under way; {@linkcode get} opens it again. */
  close(): void;
}

export interface DownloadRequest {
  /** Without userinfo. */
  readonly url: string;
  /** Sent to the origin of `url`, and to no other that it redirects to. */
  readonly credentials: Userinfo | undefined;
  /**
   * To go on where an earlier answer broke off: that answer's validator, and how many bytes are
   * here already.
   */
  readonly resume: { readonly offset: number; readonly validator: string } | undefined;
  /** The request is given up where no answer has begun after so many milliseconds. */
  readonly answerMs: number;
  /** It is given up after so many milliseconds in which nothing came. */
  readonly stallMs: number;
  /** It is given up after so many milliseconds in all. */
  readonly totalMs?: number;
  /** It is given up where the body comes more slowly than this, counted window by window. */
  readonly minimumRate?: { readonly bytes: number; readonly withinMs: number };
  /** A larger body is not read to its end. Bytes beyond it never reach the receiver. */
  readonly maxBytes: number;
  /** After how many milliseconds {@linkcode Receiver.waiting} is called, if ever. */
  readonly tellAfterMs?: number | undefined;
}

/** The head of an answer, known before its body. */
export interface DownloadHead {
  readonly status: number;
  /** Where in the file the body begins: above 0 only where the server resumed. */
  readonly offset: number;
  /** Of the whole file in bytes, where the server tells. */
  readonly size: number | undefined;
  /** `ETag` or `Last-Modified`, for a later {@linkcode DownloadRequest.resume}. */
  readonly validator: string | undefined;
}

export interface Receiver {
  /** Whether the body is wanted. */
  begin(head: DownloadHead): boolean;
  /** The buffer is used again afterwards. */
  write(bytes: Uint8Array): void;
  /** Called once where the request takes long. */
  waiting?(): void;
}

export type DownloadResult =
  | {
    readonly kind: "answer";
    readonly status: number;
    /** The header's text. */
    readonly retryAfter: string | undefined;
  }
  | {
    readonly kind: "failure";
    readonly cause: DownloadFailure;
    readonly message: string;
    /**
     * Who showed a certificate that is refused unless its issuer is trusted directly, and the http
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
 * `connect`: no such host, refused. `silent`: no answer began in time. `broken`: an answer that
 * stalled or broke off. `slow`: it came too slowly, or took too long in all. `too-large`: more
 * bytes than were asked for at most. `tls`, `tls-extension` (one that Deno does not know, in an
 * authority's certificate), `redirect`, `protocol`: trying again would not help.
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
  /** Ends it. */
  hex(): string;
}

export interface Store {
  createHash(algorithm: HashAlgorithm): Promise<Hash>;
  /** In lower-case hex; `undefined` where there is no such file. */
  hashFile(path: string, algorithm: HashAlgorithm): Promise<string | undefined>;
  /**
   * Takes a kernel lock on a file, which is created for it. The lock ends with its holder. `held`:
   * another process has it; `refused`: the file system has no locks, or the file cannot be created.
   */
  tryLock(path: string): Lock | "held" | "refused";
  /**
   * A new file in a folder, named `.<prefix>.<random>.part`, which is removed again if this process
   * is interrupted.
   */
  createTemporary(directory: string, prefix: string): Temporary;
  /** Whether files can be made in a folder; none is, if the system tells without. */
  canWrite(directory: string): boolean;
  /** Removes the temporary files of processes that have died. */
  sweepTemporaries(directory: string): void;
  /** The file system that a path is on; `undefined` where the system does not tell. */
  volumeOf(path: string): Volume | undefined;
}

export interface Volume {
  readonly isReadOnly: boolean;
  /** Whether no program can be run from it. */
  readonly isNoexec: boolean;
  /** The bytes that this user can still write. */
  readonly freeBytes: number;
  /** The files and folders that can still be made. */
  readonly freeFiles: number;
}

export interface Lock {
  release(): void;
}

export interface Temporary {
  readonly path: string;
  append(bytes: Uint8Array): void;
  /**
   * All of it so far: on Windows, its lock keeps everybody else from reading it, this process
   * included.
   */
  readAll(): Uint8Array<ArrayBuffer>;
  /** Back to an empty file. */
  restart(): void;
  /** To the disk, every bit of it; what the file will be known by. */
  finish(mode: number): FileStat;
  /** Gives it its name, replacing what has it, and makes that last. */
  publish(path: string): void;
  /** Removes it, unless it was published. */
  discard(): void;
}
