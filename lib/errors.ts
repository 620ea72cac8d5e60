/**
 * The failures that end a run, each with its exit status. They are thrown anywhere and caught in
 * `main/ending.ts`. A server that is down is not an error but a member of a union of answers. Any
 * other exception is a bug.
 *
 * Exit statuses follow the shell's: 125 the wrapper failed, 126 kubectl was found but cannot be
 * executed, 127 no kubectl was found.
 *
 * @module
 */

export const EXIT_STATUS = {
  "usage": 2,
  "config-invalid": 125,
  "cannot-write": 125,
  "wrapper-loop": 125,
  "argument-list-too-long": 125,
  "status-lost": 125,
  "cannot-load": 125,
  "kubectl-not-executable": 126,
  "no-kubectl": 127,
  "download-forbidden": 127,
  "download-failed": 127,
  "release-missing": 127,
  "checksum-mismatch": 127,
  "signature-invalid": 127,
  "pin-unavailable": 127,
} as const;

export type ErrorCode = keyof typeof EXIT_STATUS;

export interface KuberlrErrorOptions extends ErrorOptions {
  /** A remedy that names a command, a setting or a file. */
  readonly hint?: string | undefined;
}

/** A failure in the user's words: `message` says what could not be done and why. */
export class KuberlrError extends Error {
  override readonly name = "KuberlrError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, { hint, ...options }: KuberlrErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  get exitStatus(): number {
    return EXIT_STATUS[this.code];
  }
}

/**
 * A failed system call, thrown by the ports of the host. `code` is an errno's name: `ENOSPC`,
 * `EACCES`.
 */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/** Runs the call. Returns `undefined` if it throws a {@linkcode HostError}. */
export function orUndefined<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/**
 * Explains Deno's error about a module that it cannot load: packages of a checkout are missing, too
 * new for the clock or have been changed, its deno.json is not used, the server of a URL cannot be
 * reached, or permissions exclude some modules. Returns `undefined` for any other error.
 */
export function describeLoadingError(error: unknown): KuberlrError | undefined {
  if (!(error instanceof TypeError) || !("code" in error)) return undefined;
  if (error.code !== "ERR_MODULE_NOT_FOUND") return undefined;
  // deno-lint-ignore no-control-regex -- Deno colors its messages
  const { message, hint } = describeCause(error.message.replaceAll(/\x1b\[[\d;]*m/g, ""));
  return new KuberlrError("cannot-load", `Cannot load kuberlr: ${message}`, { hint, cause: error });
}

function describeCause(said: string): { readonly message: string; readonly hint: string } {
  const access = /^Requires (\w+) access to /.exec(said)?.[1];
  if (access !== undefined) {
    return {
      message: `Deno may not ${access} all of its modules`,
      hint: `Run it with "--allow-${access}" for all of them, or with "--allow-all"`,
    };
  }
  if (/checksum did not match|integrity check failed/i.test(said)) {
    const name = /npm package '([^']+)'/.exec(said)?.[1];
    return {
      message: `${name ?? "a module"} does not have the expected hash`,
      hint:
        "It may have been tampered with: leave deno.lock as it is, and check the registry in NPM_CONFIG_REGISTRY or .npmrc",
    };
  }
  if (said.startsWith("The lockfile is out of date")) {
    return {
      message: "deno.lock does not list all of its packages",
      hint:
        'Run "git checkout deno.lock" in the checkout, or "deno install --frozen=false" if you have changed deno.json',
    };
  }
  const youngest = /minimum dependency date of ([\d-]+)/.exec(said)?.[1];
  if (youngest !== undefined) {
    const name = /package '([^']+)'/.exec(said)?.[1];
    return {
      message: `Deno refuses ${name ?? "a package"}, because it is newer than ${youngest}`,
      hint: `Set this machine's clock if it is wrong, or run it without "--no-lock"`,
    };
  }
  // "deno install" makes a command that leaves this file out.
  if (/^Import "[^"]+" not a dependency/.test(said)) {
    return {
      message: "Deno does not use the deno.json of its checkout",
      hint: 'Run "deno run -A main.ts link" in the checkout',
    };
  }
  if (/^(?!Module|Import).*\b(npm|jsr|package)\b/i.test(said)) {
    return {
      message: "its packages are not in Deno's cache",
      hint: 'Run "deno install" in the checkout where the network can be reached',
    };
  }
  const hint = said.includes("os error 24")
    ? RAISE_FILE_LIMIT
    : "Run the command again; if that does not help, install kuberlr again";
  // The first line says what failed, the last one the innermost reason, or the place.
  const [failed = "", ...why] = said.trim().split(/\s*\n\s*(?:\d+: )?/);
  return {
    message: failed.replace(/\.$/, "") + why.slice(-1).map((reason) => ` (${reason})`).join(""),
    hint,
  };
}

/** The hint of every failure that a low limit of open files causes. */
export const RAISE_FILE_LIMIT =
  "Raise the limit of open files, or open a new shell: ulimit -n 1024";
