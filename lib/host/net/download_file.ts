/**
 * Mirrors that are folders: `file:` URLs, answered as a web server would answer.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import { filePathOfUrl } from "../../mirror/mirror.ts";
import type { Platform } from "../../platform.ts";
import type { DownloadRequest, DownloadResult, Receiver } from "../../ports/store.ts";
import { asHostError } from "../disk/files.ts";

const BUFFER_BYTES = 1024 * 1024;
const NOT_A_FILE: DownloadResult = {
  kind: "failure",
  cause: "protocol",
  message: "it is not a regular file",
};

/** Passes a regular file to the receiver. Opening a FIFO would wait for a writer forever. */
export function readFile(
  platform: Platform,
  { url, maxBytes }: Pick<DownloadRequest, "url" | "maxBytes">,
  receiver: Receiver,
): DownloadResult {
  const answer = (status: number) => ({ kind: "answer", status, retryAfter: undefined }) as const;
  const path = filePathOfUrl(platform, url);
  try {
    if (!asHostError(path, () => Deno.statSync(path)).isFile) return NOT_A_FILE;
    using file = asHostError(path, () => Deno.openSync(path));
    const { size, isFile } = file.statSync();
    if (!isFile) return NOT_A_FILE;
    if (!guard(() => receiver.begin({ status: 200, offset: 0, size, validator: undefined }))) {
      return answer(200);
    }
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (let left = maxBytes;;) {
      const count = asHostError(path, () => file.readSync(buffer));
      if (count === null) return answer(200);
      left -= count;
      if (left < 0) return tooLarge(maxBytes);
      guard(() => receiver.write(buffer.subarray(0, count)));
    }
  } catch (error) {
    if (error instanceof ReceiverError) throw error.cause;
    if (!(error instanceof HostError)) throw error;
    return error.code === "ENOENT" || error.code === "ENOTDIR"
      ? answer(404)
      : { kind: "failure", cause: "protocol", message: error.message };
  }
}

export function tooLarge(maxBytes: number): DownloadResult {
  const size = maxBytes < 1024 ** 2 ? `${maxBytes / 1024} KiB` : `${maxBytes / 1024 ** 3} GiB`;
  return { kind: "failure", cause: "too-large", message: `it is larger than ${size}` };
}

/** Wraps an error of the receiver, so that a full disk is not taken for a broken connection. */
export class ReceiverError extends Error {}

/** Calls the receiver. @throws {ReceiverError} its cause is what the receiver threw */
export function guard<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new ReceiverError("The receiver failed", { cause });
  }
}
