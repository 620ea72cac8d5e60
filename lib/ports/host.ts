/**
 * The outside world as interfaces. `lib/host/` implements them over Deno, `tests/support/` over
 * values. A function takes its data first and last the ports it uses (`Pick<Host, "files" |
 * "env">`): its last parameter is the list of its effects.
 *
 * Files are synchronous: they are small, local, and a kubectl command waits for each of them
 * anyway.
 *
 * @module
 */
import type { FileIdentity, Files } from "./files.ts";
import type { Platform } from "../platform.ts";
import type { Signatures } from "./signatures.ts";
import type { Downloads, Store } from "./store.ts";

export type FailureCause =
  | "refused"
  /** A connection that was there was cut by the other side. */
  | "reset"
  | "timeout"
  | "dns"
  | "tls"
  /**
   * A critical extension that Deno does not know, in a certificate that has issued another; Go
   * ignores some.
   */
  | "tls-extension"
  /** A server's certificate that is an authority's; Go does not mind. */
  | "tls-authority"
  /** An RSA key that is too short for Deno and not for Go. */
  | "tls-key"
  /**
   * The server ended the handshake: for want of something in common, or of a client certificate.
   */
  | "handshake-refused"
  /** The server wants a client certificate before it talks: a 401 in TLS. */
  | "certificate-required"
  /** The server does not speak HTTP/1.1. */
  | "no-http1"
  /** A port that Deno does not talk to, as browsers do not. */
  | "port-blocked"
  | "proxy"
  | "protocol";

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

/**
 * The ports of a repeated command: it opens no connection, runs nothing but kubectl, and is silent.
 */
export type LocalHost = Pick<Host, "platform" | "program" | "env" | "files" | "clock">;

/** How this process was called. */
export interface Program {
  /** As typed, where the platform tells. */
  readonly argv0: string;
  readonly args: readonly string[];
  /**
   * Of kuberlr itself: a file that is the same by device and inode is never a kubectl. `undefined`
   * if unknown.
   */
  identity(): FileIdentity | undefined;
  /** The working directory; `undefined` where it has been deleted. */
  cwd(): string | undefined;
  /** The command that starts this kuberlr again. */
  startCommand(): StartCommand;
  readonly denoVersion: string;
  /** The names of the environment's variables, in no order. */
  variables(): readonly string[];
}

/** A compiled executable, or Deno and the file or URL of the main module. */
export type StartCommand =
  | { readonly kind: "executable"; readonly path: string }
  | { readonly kind: "source"; readonly deno: string; readonly module: string };

export interface Env {
  /** `undefined` for a variable that is not set, and for bytes that are not UTF-8. */
  get(name: string): string | undefined;
}

/** A moment by which something must be over, in milliseconds of {@linkcode Clock.monotonicMs}. */
export type DeadlineMs = number;

export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  monotonicMs(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Calls back once after so long, unless what is returned has been disposed of before. */
  later(milliseconds: number, callback: () => void): Disposable;
}

export interface Http {
  /**
   * One request to an API server, with the trust that the endpoint asks for. Never throws for what
   * a network can do.
   */
  ask(request: ApiRequest): Promise<ApiResponse>;
}

export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ApiTls | undefined;
  /** The proxy to use, with userinfo; `undefined` for none, also if the environment names one. */
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
    /** What helps, where that is known. */
    readonly hint?: string;
  };

export interface Processes {
  /**
   * Runs a program until it exits. It gets no stdin and no terminal. The signals that end this
   * process end the program, too. What it leaves running in the background is left alone.
   */
  run(request: RunRequest): Promise<RunResult>;
  /**
   * Names for this process and its ancestors, the youngest first, which no other process on any
   * machine shares; `undefined` where the system does not tell.
   */
  ancestry(): readonly string[] | undefined;
}

export interface RunRequest {
  /** The path of a file that can be executed, as `lookPath` finds it. */
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment; later entries win. */
  readonly env: Readonly<Record<string, string>>;
  /** It is killed when it prints more than this to stdout. */
  readonly maxOutputBytes: number;
  /** It is killed with its children then; without a deadline, nothing limits its time. */
  readonly deadlineMs?: DeadlineMs;
  /** Receives stderr; it is dropped if this is absent. */
  readonly stderr?: HeldBack;
}

/** Stderr is held back for a while, and dropped if the program exits before. */
export interface HeldBack {
  readonly afterMs: number;
  /**
   * Called after that time with what was held back, possibly nothing, and then with each further
   * piece.
   */
  readonly show: (text: string) => void;
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
