/**
 * Dealing with one mirror: what each of its answers means, how long to wait before the next attempt, and when there is no
 * point in another.
 *
 * @module
 */
import {
  NEW_SERIES,
  parseRetryAfter,
  planRetry,
  type Retry,
  type Series,
  type Trouble,
} from "../backoff.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { MAX_TEXT_BYTES } from "../checksum.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Mirror, MirrorFile } from "../mirror.ts";
import type {
  DownloadRequest,
  DownloadResult,
  MirrorCredentials,
  Receiver,
} from "../../ports/store.ts";

/**
 * A mirror's place among the others. `early`: others are still to be asked, so the wait for its first answer is short.
 */
export type Turn = "only" | "early" | "last";

/** Dealing with one mirror. */
export interface Visit {
  readonly mirror: Mirror;
  readonly credentials: MirrorCredentials | undefined;
  readonly stallMs: number;
  turn: Turn;
  /** It lives, however slow. */
  answered: boolean;
  /** Why it is not asked any more: nothing came in time. */
  silence: Failed | undefined;
  /** To the user, who wonders what is taking so long. */
  readonly say: (note: string) => void;
  /** Goes on through all files: it is the user who waits. */
  series: Series;
}

export type Got<Value> =
  | { readonly kind: "got"; readonly value: Value }
  /** Not there, as far as this mirror knows. */
  | { readonly kind: "missing"; readonly reason: string }
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly code: Extract<ErrorCode, "download-failed" | "checksum-mismatch">;
  readonly reason: string;
  readonly hint: string;
}

export type Ports = Pick<Host, "downloads" | "store" | "clock">;

export function startVisit(
  mirror: Mirror,
  credentials: MirrorCredentials | undefined,
  { stallMs, say }: Pick<Visit, "stallMs" | "say">,
): Visit {
  return {
    mirror,
    credentials,
    stallMs,
    turn: "only",
    answered: false,
    silence: undefined,
    say,
    series: NEW_SERIES,
  };
}

/** Of the time in which nothing may come, what a mirror gets for its first answer while there are others to ask. */
const EARLY_SHARE = 1 / 4;

/** One request; with what it takes to go on where an earlier answer broke off. */
export function ask(
  { url }: MirrorFile,
  visit: Visit,
  receiver: Receiver,
  { downloads }: Pick<Ports, "downloads">,
  resume?: DownloadRequest["resume"],
): Promise<DownloadResult> {
  const { credentials, turn, answered } = visit;
  const stallMs = visit.stallMs * (turn === "early" && !answered ? EARLY_SHARE : 1);
  return downloads.get({ url, credentials, resume, stallMs }, {
    begin(head) {
      visit.answered = true;
      return receiver.begin(head);
    },
    write: (bytes) => receiver.write(bytes),
  });
}

/** A small text. What is larger than any checksum or marker is cut off, which no parser will take for one. */
export async function fetchText(
  file: MirrorFile,
  visit: Visit,
  ports: Ports,
): Promise<Got<string>> {
  if (visit.silence !== undefined) return visit.silence;
  for (;;) {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const result = await ask(file, visit, {
      begin: ({ status }) => status === 200,
      write(bytes) {
        if (size < MAX_TEXT_BYTES) chunks.push(bytes.slice(0, MAX_TEXT_BYTES - size));
        size += bytes.length;
      },
    }, ports);
    const verdict = judge(result, file, ports);
    if (verdict.kind === "ok") return { kind: "got", value: decode(chunks) };
    if (verdict.kind !== "trouble") return verdict;
    if (!await waitToRetry(verdict, visit, ports)) return verdict.failed;
  }
}

/** Whether it is there, by one look. */
export async function peek(
  file: MirrorFile,
  visit: Visit,
  ports: Ports,
): Promise<Got<undefined>> {
  const receiver: Receiver = { begin: () => false, write: () => {} };
  const verdict = judge(await ask(file, visit, receiver, ports), file, ports);
  switch (verdict.kind) {
    case "ok":
      return { kind: "got", value: undefined };
    case "trouble":
      return verdict.failed;
    default:
      return verdict;
  }
}

export interface TroubleVerdict {
  readonly kind: "trouble";
  readonly trouble: Trouble;
  readonly retryAfterMs: number | undefined;
  /** Whether what is here already is of no use. */
  readonly restart: boolean;
  /** What to say if this was the last attempt. */
  readonly failed: Failed;
}

/** Shorter waits are nobody's business. */
const SAY_FROM_MS = 2_000;

/** `false`: there is no point in trying again. */
export async function waitToRetry(
  { trouble, retryAfterMs, failed }: TroubleVerdict,
  visit: Visit,
  { clock }: Pick<Ports, "clock">,
): Promise<boolean> {
  // The fraction of a millisecond is as good as a die to keep those apart who failed together.
  const jitter = (clock.monotonicMs() * 1000) % 1000 / 1000;
  const retry: Retry = trouble === "silent" && isPassedOver(visit)
    ? { kind: "stop" }
    : planRetry(visit.series, trouble, retryAfterMs, jitter);
  if (retry.kind === "stop") {
    if (trouble === "silent") visit.silence = failed;
    return false;
  }
  visit.series = retry.series;
  if (retry.milliseconds >= SAY_FROM_MS) {
    visit.say(`${failed.reason}; trying again in ${Math.round(retry.milliseconds / 1000)} s`);
  }
  await clock.sleep(retry.milliseconds);
  return true;
}

/** Whether the next mirror is the better second attempt. */
function isPassedOver({ turn, answered }: Visit): boolean {
  return turn === "early" || (turn === "last" && !answered);
}

export const MIRROR_HINT =
  `Name another mirror in KubeMirrorUrl, or see what "kuberlr config" says of this one`;

const NETWORK_HINT =
  "Check the network, the proxy in HTTPS_PROXY and the mirror in KubeMirrorUrl; kubectls put in place by hand are used, too";

export type Verdict =
  | { readonly kind: "ok" }
  | Extract<Got<never>, { kind: "missing" }>
  | Failed
  | TroubleVerdict;

export function judge(
  result: DownloadResult,
  { shown }: MirrorFile,
  { clock }: Pick<Ports, "clock">,
): Verdict {
  if (result.kind === "failure") {
    const reason = `"${shown}": ${result.message}`;
    switch (result.cause) {
      case "connect":
      case "silent":
      case "broken":
        return trouble(result.cause, reason, { hint: NETWORK_HINT });
      case "tls":
        return failed(
          reason,
          "If the certificate is right, name the file with its authority in SSL_CERT_FILE",
        );
      case "redirect":
      case "protocol":
        return failed(reason, MIRROR_HINT);
    }
  }
  const { status } = result;
  const reason = `"${shown}" answered ${status}`;
  if (status === 200 || status === 206) return { kind: "ok" };
  // Buckets that may not be listed answer 403 for what is not there.
  if (status === 404 || status === 410 || status === 403) return { kind: "missing", reason };
  if (status === 401 || status === 407) {
    return failed(reason, "Put user and password into ~/.netrc, or into the URL in KubeMirrorUrl");
  }
  if (status === 416) return trouble("broken", reason, { restart: true });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return trouble("busy", reason, {
      retryAfterMs: parseRetryAfter(result.retryAfter, clock.nowMs()),
      hint: "The mirror is overloaded or broken: try again later, or name another in KubeMirrorUrl",
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

export function trouble(
  kind: Trouble,
  reason: string,
  { hint = MIRROR_HINT, code, retryAfterMs, restart = kind === "mismatch" }: {
    readonly hint?: string;
    readonly code?: Failed["code"];
    readonly retryAfterMs?: number | undefined;
    readonly restart?: boolean;
  } = {},
): TroubleVerdict {
  return {
    kind: "trouble",
    trouble: kind,
    retryAfterMs,
    restart,
    failed: failed(reason, hint, code),
  };
}

/** Checksums and markers are ASCII; whatever is not will not be taken for one. */
function decode(chunks: readonly Uint8Array[]): string {
  const text = Array.from(concatBytes(chunks), (byte) => String.fromCharCode(byte)).join("");
  return text.replace(/^\xEF\xBB\xBF/, "");
}
