/**
 * Interprets the answer of a mirror: it has the file, it does not, or it fails; and says whether
 * another attempt may help.
 *
 * @module
 */
import type { ErrorCode } from "../errors.ts";
import type { DownloadResult, Peer } from "../ports/store.ts";
import { parseRetryAfter, type RetryCause } from "./backoff.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { MirrorFile } from "./mirror.ts";

export type MirrorResult<Value> =
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
   * Set if the mirror itself fails, and not only for this file: it is down, silent or too slow,
   * breaks off repeatedly, or never stops sending.
   */
  readonly isDown?: true;
  /** Set if the mirror's copy of this file is wrong, so that it need not be fetched again soon. */
  readonly isWrongFile?: true;
}

/** A failure after which another attempt may succeed. */
export interface RetryableFailure {
  readonly kind: "retryable";
  readonly cause: RetryCause;
  readonly retryAfterMs: number | undefined;
  /** The bytes received so far are useless, so the next attempt starts at the first byte. */
  readonly restart: boolean;
  /** The failure to report if this was the last attempt. */
  readonly failed: Failed;
}

export type Verdict =
  | { readonly kind: "ok" }
  | Extract<MirrorResult<never>, { kind: "missing" }>
  | Failed
  | RetryableFailure;

export const MIRROR_HINT =
  `Name another mirror in KubeMirrorUrl; "kuberlr config" shows where it is set`;

/**
 * Returns a hint with shell commands. openssl verifies the certificates by the system's
 * authorities, and prints none if that fails.
 */
function trustIssuer({ server, proxy }: Peer): string {
  // A redirect names the server, and the host of a URL may contain `$(…)`.
  const way = `-connect ${quoteShellWord(server)}${proxy === undefined ? "" : ` -proxy ${proxy}`}`;
  return "Trust the certificate that issued the server's: " +
    `"openssl s_client ${way} -showcerts -verify_return_error </dev/null | ` +
    `sed -n '/^ 1 s:/,/END/p' >~/issuer.pem; export NODE_EXTRA_CA_CERTS=~/issuer.pem"`;
}

const TLS_HINT = "If the certificate is right, name the file with its authority in SSL_CERT_FILE";

const OLD_DENO_HINT =
  "Run kuberlr with Deno 2.8 or newer, which can trust its issuer, or name another mirror in KubeMirrorUrl";

const NETWORK_HINT = "Check the network, the proxy in HTTPS_PROXY and the mirror in KubeMirrorUrl";

/**
 * Returns what an answer means. `nowMs`, in milliseconds since the epoch, is for a `Retry-After`
 * that is a date.
 */
export function classifyAnswer(
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
        return retryable(result.cause, reason, { hint: NETWORK_HINT, isDown: true });
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
  // A bucket whose files may not be listed answers 403 for a missing file.
  if (status === 404 || status === 410 || status === 403) return { kind: "missing", reason };
  if (status === 401 || status === 407) {
    return failed(reason, "Put user and password into ~/.netrc, or into the URL in KubeMirrorUrl");
  }
  if (status === 416) return retryable("broken", reason, { restart: true });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return retryable("busy", reason, {
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

export interface RetryOptions {
  readonly hint?: string;
  readonly code?: Failed["code"];
  readonly retryAfterMs?: number | undefined;
  readonly restart?: boolean;
  readonly isDown?: boolean;
}

export function retryable(
  kind: RetryCause,
  reason: string,
  options: RetryOptions = {},
): RetryableFailure {
  const { hint = MIRROR_HINT, code, retryAfterMs, restart = kind === "mismatch", isDown } = options;
  return {
    kind: "retryable",
    cause: kind,
    retryAfterMs,
    restart,
    failed: {
      ...failed(reason, hint, code),
      ...(isDown ? { isDown } : {}),
      ...(kind === "mismatch" ? { isWrongFile: true } : {}),
    },
  };
}
