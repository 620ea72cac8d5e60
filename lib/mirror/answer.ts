/**
 * Interprets the answer of a mirror: the file, no such file, or a failure, and whether another
 * attempt may help.
 *
 * @module
 */
import type { ErrorCode } from "../errors.ts";
import type { DownloadResult, Peer } from "../ports/store.ts";
import { parseRetryAfter, type Trouble } from "./backoff.ts";
import type { MirrorFile } from "./mirror.ts";

export type Got<Value> =
  | { readonly kind: "got"; readonly value: Value }
  /** The mirror does not have it. */
  | { readonly kind: "missing"; readonly reason: string }
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly code: Extract<ErrorCode, "download-failed" | "checksum-mismatch">;
  readonly reason: string;
  readonly hint: string;
  /**
   * Set where the mirror itself is at fault, and not this one file: it is down, silent, too slow,
   * breaks off again and again or does not stop.
   */
  readonly isDown?: true;
}

/** A failure after which another attempt may succeed. */
export interface TroubleVerdict {
  readonly kind: "trouble";
  readonly trouble: Trouble;
  readonly retryAfterMs: number | undefined;
  /** Whether the bytes received so far are of no use. */
  readonly restart: boolean;
  /** The failure to report if this was the last attempt. */
  readonly failed: Failed;
}

export type Verdict =
  | { readonly kind: "ok" }
  | Extract<Got<never>, { kind: "missing" }>
  | Failed
  | TroubleVerdict;

export const MIRROR_HINT =
  `Name another mirror in KubeMirrorUrl; "kuberlr config" shows where it is set`;

/**
 * Commands of a shell. openssl verifies the certificates with the system's authorities, and shows
 * nothing where they do not fit.
 */
function trustIssuer({ server, proxy }: Peer): string {
  const way = `-connect ${server}${proxy === undefined ? "" : ` -proxy ${proxy}`}`;
  return "Trust the certificate that issued the server's: " +
    `"openssl s_client ${way} -showcerts -verify_return_error </dev/null | ` +
    `sed -n '/^ 1 s:/,/END/p' >~/issuer.pem; export NODE_EXTRA_CA_CERTS=~/issuer.pem"`;
}

const TLS_HINT = "If the certificate is right, name the file with its authority in SSL_CERT_FILE";

const OLD_DENO_HINT =
  "Run kuberlr with Deno 2.8 or newer, which can trust its issuer, or name another mirror in KubeMirrorUrl";

const NETWORK_HINT = "Check the network, the proxy in HTTPS_PROXY and the mirror in KubeMirrorUrl";

/** `nowMs`: milliseconds since the epoch; a `Retry-After` may name a date. */
export function judgeAnswer(
  result: DownloadResult,
  { url, shown }: MirrorFile,
  nowMs: number,
): Verdict {
  if (result.kind === "failure") {
    const reason = `"${shown}": ${result.message}`;
    switch (result.cause) {
      case "connect":
      case "silent":
      case "broken":
        return trouble(result.cause, reason, { hint: NETWORK_HINT, isDown: true });
      case "slow":
        return { ...failed(reason, NETWORK_HINT), isDown: true };
      case "tls":
        return failed(reason, TLS_HINT);
      case "tls-extension":
        return failed(reason, result.peer === undefined ? OLD_DENO_HINT : trustIssuer(result.peer));
      case "too-large":
        return { ...failed(reason, MIRROR_HINT), isDown: true };
      case "redirect":
      case "protocol":
        return failed(reason, MIRROR_HINT);
    }
  }
  const { status } = result;
  if (status === 200 || status === 206) return { kind: "ok" };
  if (url.startsWith("file:")) return { kind: "missing", reason: `"${shown}" does not exist` };
  const reason = `"${shown}" answered ${status}`;
  // Buckets that may not be listed answer 403 for a file that they do not have.
  if (status === 404 || status === 410 || status === 403) return { kind: "missing", reason };
  if (status === 401 || status === 407) {
    return failed(reason, "Put user and password into ~/.netrc, or into the URL in KubeMirrorUrl");
  }
  if (status === 416) return trouble("broken", reason, { restart: true });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return trouble("busy", reason, {
      retryAfterMs: parseRetryAfter(result.retryAfter, nowMs),
      hint: "The mirror is overloaded or broken: try again later, or name another in KubeMirrorUrl",
      isDown: true,
    });
  }
  return failed(reason, MIRROR_HINT);
}

export function failed(
  reason: string,
  hint: string,
  code: Failed["code"] = "download-failed",
): Failed {
  return { kind: "failed", code, reason, hint };
}

export interface TroubleOptions {
  readonly hint?: string;
  readonly code?: Failed["code"];
  readonly retryAfterMs?: number | undefined;
  readonly restart?: boolean;
  readonly isDown?: boolean;
}

export function trouble(
  kind: Trouble,
  reason: string,
  options: TroubleOptions = {},
): TroubleVerdict {
  const { hint = MIRROR_HINT, code, retryAfterMs, restart = kind === "mismatch", isDown } = options;
  return {
    kind: "trouble",
    trouble: kind,
    retryAfterMs,
    restart,
    failed: { ...failed(reason, hint, code), ...(isDown ? { isDown } : {}) },
  };
}
