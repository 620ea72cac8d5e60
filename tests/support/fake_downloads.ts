/**
 * Downloads whose answers are values, for what a request asks for: its limits above all.
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

/** A mirror that says nothing. */
export const SILENT: DownloadResult = { kind: "failure", cause: "silent", message: "silence" };
