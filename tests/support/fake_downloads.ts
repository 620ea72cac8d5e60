/**
 * Downloads that answer with values, for tests of the request itself, above all of its limits.
 *
 * @module
 */
import type {
  DownloadRequest,
  DownloadResult,
  Downloads,
  Receiver,
} from "../../lib/ports/store.ts";

export interface FakeDownloads extends Downloads {
  readonly requests: readonly DownloadRequest[];
}

/** `answer` is called with each request, and its receiver. */
export function fakeDownloads(
  answer: (request: DownloadRequest, receiver: Receiver) => DownloadResult,
): FakeDownloads {
  const requests: DownloadRequest[] = [];
  return {
    requests,
    get(request, receiver) {
      requests.push(request);
      return Promise.resolve(answer(request, receiver));
    },
    close() {},
  };
}

/** A mirror that never answers. */
export const SILENT: DownloadResult = { kind: "failure", cause: "silent", message: "silence" };
