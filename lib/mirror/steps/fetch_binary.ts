/**
 * A kubectl's bytes, from a mirror into a temporary file.
 *
 * @module
 */
import { noteProgress } from "../backoff.ts";
import { concatBytes } from "../../encoding/bytes.ts";
import { findImpostor, HEAD_BYTES } from "../checksum.ts";
import type { MirrorFile } from "../mirror.ts";
import type { HashAlgorithm } from "../../encoding/hash_algorithms.ts";
import type { Temporary } from "../../ports/store.ts";
import {
  ask,
  failed,
  type Got,
  judge,
  MIRROR_HINT,
  type Ports,
  trouble,
  type Verdict,
  type Visit,
  waitToRetry,
} from "./ask_mirror.ts";

export interface Progress {
  update(receivedBytes: number, totalBytes: number | undefined): void;
}

export interface Expected {
  readonly algorithm: HashAlgorithm;
  readonly hash: string;
}

/** No kubectl is a tenth of it; a mirror that never stops must not fill the disk. */
const MAX_BINARY_BYTES = 1024 ** 3;

/**
 * A kubectl into a temporary file, which holds it whole and verified afterwards. After a break it goes on where it
 * stopped, if the server can; what has the wrong hash is begun again.
 *
 * @throws {HostError} the disk
 */
export async function fetchBinary(
  file: MirrorFile,
  expected: Expected,
  temporary: Temporary,
  progress: Progress,
  visit: Visit,
  ports: Ports,
): Promise<Got<undefined>> {
  let hash = await ports.store.createHash(expected.algorithm);
  let received = 0;
  let head = new Uint8Array();
  let validator: string | undefined;
  for (;;) {
    const fresh = await ports.store.createHash(expected.algorithm);
    const before = received;
    let size: number | undefined;
    const resume = received > 0 && validator !== undefined
      ? { offset: received, validator }
      : undefined;
    const result = await ask(
      file,
      visit,
      {
        begin(answer) {
          if (answer.status !== 200 && answer.status !== 206) return false;
          if (answer.offset === 0) {
            temporary.restart();
            hash = fresh;
            received = 0;
            head = new Uint8Array();
          }
          ({ size, validator } = answer);
          return size === undefined || size <= MAX_BINARY_BYTES;
        },
        write(bytes) {
          received += bytes.length;
          if (received > MAX_BINARY_BYTES) return;
          if (head.length < HEAD_BYTES) {
            head = concatBytes([head, bytes.subarray(0, HEAD_BYTES - head.length)]);
          }
          temporary.append(bytes);
          hash.update(bytes);
          progress.update(received, size);
        },
      },
      ports,
      resume,
    );
    if (received > before) visit.series = noteProgress(visit.series);
    if (received > MAX_BINARY_BYTES || (size ?? 0) > MAX_BINARY_BYTES) {
      return failed(`"${file.shown}" is larger than any kubectl`, MIRROR_HINT);
    }
    let verdict: Verdict = judge(result, file, ports);
    if (verdict.kind === "ok" && size !== undefined && received !== size) {
      verdict = trouble("broken", `"${file.shown}" ended after ${received} of ${size} bytes`);
    }
    if (verdict.kind === "ok") {
      const actual = hash.hex();
      validator = undefined;
      const impostor = findImpostor(head);
      if (impostor !== undefined) {
        verdict = trouble("mismatch", `"${file.shown}" ${impostor}, not a kubectl`);
      } else if (actual === expected.hash) {
        return { kind: "got", value: undefined };
      } else {
        verdict = trouble(
          "mismatch",
          `"${file.shown}" has the ${expected.algorithm} ${actual}, where ${expected.hash} is due`,
          { code: "checksum-mismatch" },
        );
      }
    }
    if (verdict.kind !== "trouble") return verdict;
    if (verdict.restart) validator = undefined;
    if (!await waitToRetry(verdict, visit, ports)) return verdict.failed;
  }
}
