/**
 * The outside world as interfaces. `lib/host/` implements them over Deno, `tests/support/` over
 * values. The last parameter of a function is the ports that it uses (`Pick<Host, "files" |
 * "env">`), so its type lists the function's effects.
 *
 * @module
 */
import type { FileIdentity, Files } from "./files.ts";
import type { Platform } from "../platform.ts";
import type { Signatures } from "./signatures.ts";
import type { Downloads, Store } from "./store.ts";

export type FailureCause =
  | "refused"
  /** The other side cut an established connection. */
  | "reset"
  | "timeout"
  | "dns"
  | "tls"
  /**
   * A certificate of an issuer has a critical extension that Deno does not know. Go ignores some.
   */
  | "tls-extension"
  /** Go accepts the server's certificate, and Deno's TLS is stricter. */
  | "tls-strict"
  /** An RSA key is too short for Deno, and not for Go. */
  | "tls-key"
  /** Deno cannot present the client certificate, which Go can, and the server wants one. */
  | "tls-client-certificate"
  /** The server ended the handshake: nothing in common, or no client certificate. */
  | "handshake-refused"
  /** The server requires a client certificate in the handshake, which is TLS's form of a 401. */
  | "certificate-required"
  /** The server does not speak HTTP/1.1. */
  | "no-http1"
  /** Deno does not connect to this port, as browsers do not. */
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
 * The ports that a repeated command uses. It opens no connection, runs no program but kubectl, and
 * prints nothing.
 */
export type LocalHost = Pick<Host, "platform" | "program" | "env" | "files" | "clock">;

/** The way in which this process was started. */
export interface Program {
  /** The name as typed; `""` if the platform does not tell it. */
  readonly argv0: string;
  readonly args: readonly string[];
  /**
   * Returns the identity of kuberlr's own executable: the same file under another name is not a
   * kubectl. `undefined` if it is unknown.
   */
  identity(): FileIdentity | undefined;
  /** Returns the working directory; `undefined` if it has been deleted. */
  cwd(): string | undefined;
  /** Returns the command that starts this kuberlr again. */
  startCommand(): StartCommand;
  readonly denoVersion: string;
  /** Returns the names of the environment's variables, in no order. */
  variables(): readonly string[];
}

/** A compiled executable, or Deno and the file or URL of the main module. */
export type StartCommand =
  | { readonly kind: "executable"; readonly path: string }
  | { readonly kind: "source"; readonly deno: string; readonly module: string };

export interface Env {
  /** Returns `undefined` for a variable that is not set or is not UTF-8. */
  get(name: string): string | undefined;
}

/** A time by which something must end, in milliseconds of {@linkcode Clock.monotonicMs}. */
export type DeadlineMs = number;

export interface Clock {
  /** Returns milliseconds since the epoch. */
  nowMs(): number;
  /** Returns milliseconds since a fixed moment. It never goes back. */
  monotonicMs(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Calls back once after this time, unless the returned timer has been disposed. */
  later(milliseconds: number, callback: () => void): Disposable;
}

export interface Http {
  /**
   * Sends one request to an API server, verified as the endpoint says. No failure of a network
   * makes it throw.
   */
  ask(request: ApiRequest): Promise<ApiResponse>;
}

export interface ApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ApiTls | undefined;
  /** The proxy's URL with userinfo; `undefined` for none, even if the environment names one. */
  readonly proxy: string | undefined;
  readonly deadlineMs: DeadlineMs;
  /** The number of bytes of the answer after which reading ends. */
  readonly maxBytes: number;
}

/** The settings that verify the server, and the client certificate. Texts are PEM. */
export interface ApiTls {
  /** The only trusted authorities; `undefined` for the system's. */
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
}

/** PEM texts. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
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
    /** Printable text for people, without secrets. */
    readonly message: string;
    /** A remedy, if one is known. */
    readonly hint?: string;
  };

export interface Processes {
  /**
   * Runs a program until it exits. It gets no stdin and no terminal. Signals that end this process
   * end the program, too. Background processes that it leaves are not ended.
   */
  run(request: RunRequest): Promise<RunResult>;
  /**
   * Returns names of this process and its ancestors, the youngest first, which no other process on
   * any machine has; `undefined` if the system does not tell.
   */
  ancestry(): readonly string[] | undefined;
}

export interface RunRequest {
  /** The path of an executable file, as from `lookPath`. */
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment; later entries win. */
  readonly env: Readonly<Record<string, string>>;
  /** The program is killed if it prints more than this to stdout. */
  readonly maxOutputBytes: number;
  /**
   * The program is killed with its children at this time; without a deadline it may run forever.
   */
  readonly deadlineMs?: DeadlineMs;
  /** Receives stderr, which is dropped if this is absent. */
  readonly stderr?: DelayedStderr;
}

/** Holds stderr back for a while, and drops it if the program exits before. */
export interface DelayedStderr {
  readonly afterMs: number;
  /**
   * Called after this time with the text so far, which may be empty, and then with each further
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
  /** True for a terminal that obeys escape sequences. */
  readonly isTerminal: boolean;
  /** True for a terminal that obeys no escape sequences: `TERM` is `dumb`. */
  readonly isDumb: boolean;
  /**
   * Returns the width in columns, also of a dumb terminal; `undefined` without a terminal, or if it
   * is unknown.
   */
  columns(): number | undefined;
  write(text: string): void;
}
