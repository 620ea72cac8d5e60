/**
 * Downloads a kubectl from a mirror into a temporary file.
 *
 * @module
 */
import { classifyAnswer, type MirrorResult, retryable, type Verdict } from "../answer.ts";
import { noteProgress } from "../backoff.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { describeNonProgram, HEAD_BYTES } from "../checksum.ts";
import type { MirrorFile } from "../mirror.ts";
import type { HashAlgorithm } from "../../encoding/hash_algorithms.ts";
import type { Temporary } from "../../ports/store.ts";
import {
  askMirror,
  giveUp,
  type MirrorHost,
  type MirrorSession,
  waitToRetry,
} from "./ask_mirror.ts";

export interface Progress {
  /** `from`: the mirror's URL without secrets. */
  update(receivedBytes: number, totalBytes: number | undefined, from: string): void;
}

export interface Expected {
  readonly algorithm: HashAlgorithm;
  /** Lower-case hex. */
  readonly hash: string;
  /** The source of the hash: the table in kuberlr, or the mirror's checksum file. */
  readonly digestFrom: "pinned" | "mirror";
}

/** The file, the digest that it must have, and its destination. */
export interface BinaryRequest {
  readonly file: MirrorFile;
  readonly expected: Expected;
  readonly temporary: Temporary;
  readonly progress: Progress;
  /** Messages show hashes in full. */
  readonly isVerbose: boolean;
}

/** Ten times the largest kubectl: a mirror that never stops must not fill the disk. */
const MAX_BINARY_BYTES = 1024 ** 3;
const MIN_BYTES_PER_SECOND = 10 * 1024;
const RATE_WINDOW_MS = 30_000;

/**
 * Fetches a kubectl into a temporary file; afterwards, all its bytes are there and verified. A
 * broken download is resumed if the server can do that; a file with the wrong hash is fetched again
 * from the start.
 *
 * @throws {HostError} the file cannot be written
 */
export async function fetchBinary(
  { file, expected, temporary, progress, isVerbose }: BinaryRequest,
  session: MirrorSession,
  host: MirrorHost,
): Promise<MirrorResult<undefined>> {
  const withinMs = Math.min(RATE_WINDOW_MS, session.budget.limitMs);
  const minimumRate = { bytes: MIN_BYTES_PER_SECOND * withinMs / 1000, withinMs };
  let hash = await host.store.createHash(expected.algorithm);
  let received = 0;
  let head = new Uint8Array();
  let validator: string | undefined;
  for (;;) {
    const fresh = await host.store.createHash(expected.algorithm);
    const before = received;
    let size: number | undefined;
    const resume = received > 0 && validator !== undefined
      ? { offset: received, validator }
      : undefined;
    const result = await askMirror(file, session, {
      resume,
      minimumRate,
      maxBytes: MAX_BINARY_BYTES,
      receiver: {
        begin(answer) {
          if (answer.status !== 200 && answer.status !== 206) return false;
          if (answer.offset === 0) {
            temporary.restart();
            hash = fresh;
            received = 0;
            head = new Uint8Array();
          }
          ({ size, validator } = answer);
          session.budget.markAnnounced();
          return true;
        },
        write(bytes) {
          received += bytes.length;
          if (head.length < HEAD_BYTES) {
            head = concatBytes([head, bytes.subarray(0, HEAD_BYTES - head.length)]);
          }
          temporary.append(bytes);
          hash.update(bytes);
          progress.update(received, size, session.mirror.base);
        },
      },
    }, host);
    if (received > before) session.series = noteProgress(session.series);
    let verdict: Verdict = classifyAnswer(result, file, host.clock.nowMs());
    if (verdict.kind === "ok" && size !== undefined && received !== size) {
      verdict = retryable("broken", `"${file.shown}" ended after ${received} of ${size} bytes`);
    }
    if (verdict.kind === "ok") {
      const actual = hash.hex();
      validator = undefined;
      const nonProgram = describeNonProgram(head);
      if (nonProgram !== undefined) {
        verdict = retryable("mismatch", `"${file.shown}" ${nonProgram}, not a kubectl`);
      } else if (actual === expected.hash) {
        return { kind: "got", value: undefined };
      } else {
        verdict = retryable("mismatch", describeMismatch(file, actual, expected, isVerbose), {
          code: "checksum-mismatch",
          ...(expected.digestFrom === "pinned" ? { hint: PINNED_HINT } : {}),
        });
      }
    }
    if (verdict.kind === "failed") return giveUp(verdict, session);
    if (verdict.kind !== "retryable") return verdict;
    if (verdict.restart) validator = undefined;
    if (!await waitToRetry(verdict, session, host)) return verdict.failed;
  }
}

const PINNED_HINT =
  `Somebody may have changed the file: compare with another mirror. If this mirror serves builds of its own, set Digests = "mirror"`;

/** Enough digits of a hash to tell two files apart. */
const SHOWN_DIGITS = 12;

function describeMismatch(
  { shown }: MirrorFile,
  actual: string,
  { algorithm, hash, digestFrom }: Expected,
  isVerbose: boolean,
): string {
  const short = (digits: string) => isVerbose ? digits : `${digits.slice(0, SHOWN_DIGITS)}…`;
  const source = digestFrom === "pinned" ? "upstream's" : "the mirror's checksum";
  return `"${shown}" has the ${algorithm} ${short(actual)}, not ${source} ${short(hash)}`;
}
