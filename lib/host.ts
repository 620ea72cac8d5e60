/**
 * The outside world as interfaces. `lib/host/` implements them over Deno, `tests/support/` over values. A function
 * takes its data first and last the ports it uses (`Pick<Host, "files" | "env">`): its last parameter is the list of
 * its effects.
 *
 * Files are synchronous: they are small, local, and a kubectl command waits for each of them anyway.
 *
 * @module
 */
import type { FailureCause } from "./network_failure.ts";
import type { Platform } from "./platform.ts";
import type { Signatures } from "./signatures.ts";
import type { Downloads, Store } from "./store.ts";

export interface Host {
  readonly platform: Platform;
  readonly program: Program;
  readonly env: Env;
  readonly files: Files;
  readonly http: Http;
  readonly downloads: Downloads;
  readonly store: Store;
  readonly signatures: Signatures;
  readonly processes: Processes;
  readonly terminal: Terminal;
  readonly clock: Clock;
}

/** What a repeated command needs: it opens no connection, runs nothing but kubectl, and is silent. */
export type LocalHost = Pick<Host, "platform" | "program" | "env" | "files" | "clock">;

/** How this process was called. */
export interface Program {
  /** As typed, where the platform tells. */
  readonly argv0: string;
  readonly args: readonly string[];
  /** Of kuberlr itself: a file that is the same by device and inode is never a kubectl. `undefined` if unknown. */
  identity(): FileIdentity | undefined;
  /** The working directory; `undefined` where it has been deleted. */
  cwd(): string | undefined;
  /** How kuberlr is started again. */
  launcher(): Launcher;
  readonly denoVersion: string;
  /** The names of the environment's variables, in no order. */
  variables(): readonly string[];
}

/** A compiled executable, or Deno and the file or URL of the main module. */
export type Launcher =
  | { readonly kind: "executable"; readonly path: string }
  | { readonly kind: "source"; readonly deno: string; readonly module: string };

export interface Env {
  /** `undefined` for what is unset, and for bytes that are no UTF-8. */
  get(name: string): string | undefined;
}

export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** What `stat` says. Times in milliseconds since the epoch. */
export interface FileStat extends FileIdentity {
  /** `link` from {@linkcode Files.lstat} only. */
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Permission bits; on Windows the owner's alone, and 0 where nobody says. */
  readonly mode: number;
  readonly uid: number;
}

/**
 * Every method takes absolute or cwd-relative paths as the system does. What is missing (ENOENT) is `undefined`;
 * any other trouble is a {@linkcode HostError} with errno's name.
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
  /** Replaces the file in one step: readers see the old content or the new one. Makes missing directories (0700). */
  writeAtomically(path: string, content: string, mode: number): void;
  /** With everything above it, each 0700 unless said otherwise; what is there already is left as it is. */
  makeDirectory(path: string, mode?: number): void;
  /** A symbolic link at `path`, replacing what is there in one step. */
  linkAtomically(target: string, path: string): void;
  /** Missing is no error. */
  remove(path: string): void;
  /** Whose files are our own; `undefined` where the platform has no such numbers, or nobody says. */
  userId(): number | undefined;
}

/** A moment by which something must be over, in milliseconds of {@linkcode Clock.monotonicMs}. */
export type DeadlineMs = number;

export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  monotonicMs(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface Http {
  /** One request to an API server, with the trust that the endpoint asks for. Never throws for what a network can do. */
  ask(request: ApiRequest): Promise<ApiResponse>;
}

export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ApiTls | undefined;
  /** The proxy that was decided on, userinfo included; `undefined` for none, whatever the environment says. */
  readonly proxy: string | undefined;
  readonly deadlineMs: DeadlineMs;
  /** At most so many bytes of the answer are read. */
  readonly maxBytes: number;
}

/** How a server proves itself, and how we do. PEM texts. */
export interface ApiTls {
  /** Only these are trusted; `undefined`: the system's. */
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly clientCertificate: { readonly certificate: string; readonly key: string } | undefined;
}

export type ApiResponse =
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly location: string | undefined;
    readonly body: Uint8Array;
  }
  | {
    readonly kind: "failure";
    readonly cause: FailureCause;
    /** For people; holds no secret and nothing unprintable. */
    readonly message: string;
  };

export interface Processes {
  /** Runs a program to its end or to the deadline, whichever comes first; kills it with its children then. */
  run(request: RunRequest): Promise<RunResult>;
}

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment; later entries win. */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: DeadlineMs;
  readonly maxOutputBytes: number;
}

export type RunResult =
  | { readonly kind: "exited"; readonly status: number; readonly stdout: Uint8Array }
  | {
    readonly kind: "failed";
    readonly reason:
      | "not-found"
      | "not-executable"
      | "timeout"
      | "output-too-large"
      | "status-lost";
    readonly message: string;
  };

export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export interface Stream {
  /** One that obeys escape sequences. */
  readonly isTerminal: boolean;
  /** A terminal as well, for eyes to read, that obeys none: `TERM` is `dumb`. */
  readonly isDumb: boolean;
  /** Columns, of a dumb one, too; `undefined` where there is no terminal or it does not say. */
  columns(): number | undefined;
  write(text: string): void;
}
