/**
 * The Downloads port: `fetch` with the clients of download_client.ts.
 *
 * Redirects are followed here and not by `fetch`, so that each hop has its own proxy, and only the
 * first server gets the credentials.
 *
 * @module
 */
import type { Env } from "../../ports/host.ts";
import type { Platform } from "../../platform.ts";
import type { DownloadRequest, DownloadResult, Downloads, Receiver } from "../../ports/store.ts";
import { basicAuthorization } from "../../encoding/userinfo.ts";
import { type DownloadClients, openDownloadClients } from "./download_client.ts";
import { ACCEPTS_UNKNOWN_EXTENSIONS } from "./deno_release.ts";
import { describeFailure } from "./download_failure.ts";
import { guard, readFile, ReceiverError, tooLarge } from "./download_file.ts";
import { type DownloadWatch, watchDownload } from "./download_watch.ts";

const MAX_REDIRECTS = 10;
const BUFFER_BYTES = 1024 * 1024;

export function denoDownloads(platform: Platform, env: Env): Downloads {
  const clients = openDownloadClients(env);
  let underWay = 0;
  let closing = false;
  const closeIdle = () => {
    if (closing && underWay === 0) clients.close();
  };
  return {
    async get(request, receiver) {
      if (request.url.startsWith("file:")) return readFile(platform, request, receiver);
      underWay++;
      closing = false;
      try {
        return await fetchFile(request, receiver, clients);
      } finally {
        underWay--;
        closeIdle();
      }
    },
    close() {
      closing = true;
      closeIdle();
    },
  };
}

async function fetchFile(
  request: DownloadRequest,
  receiver: Receiver,
  clients: DownloadClients,
): Promise<DownloadResult> {
  using watch = watchDownload(request, () => receiver.waiting?.());
  let answered = false;
  let url = request.url;
  try {
    for (let hops = 0;; hops++) {
      const client = await clients.clientFor(url);
      const response = await fetch(url, {
        client,
        headers: { ...headersFor(request, url), ...clients.headersFor(url) },
        redirect: "manual",
        signal: watch.signal,
      });
      answered = true;
      watch.answered();
      const location = response.headers.get("location");
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
        return await receive(response, request, receiver, watch);
      }
      await response.body?.cancel();
      const next = planRedirect(url, location);
      if (next.kind === "failure") return next;
      if (hops === MAX_REDIRECTS) {
        return {
          kind: "failure",
          cause: "redirect",
          message: `more than ${MAX_REDIRECTS} redirects`,
        };
      }
      url = next.url;
    }
  } catch (error) {
    if (error instanceof ReceiverError) throw error.cause;
    const overdue = watch.overdue();
    if (overdue !== undefined) return { kind: "failure", ...overdue };
    const failure = describeFailure(error, answered);
    return failure.cause === "tls-extension" && ACCEPTS_UNKNOWN_EXTENSIONS
      ? { ...failure, peer: clients.peerOf(url) }
      : failure;
  }
}

async function receive(
  response: Response,
  request: DownloadRequest,
  receiver: Receiver,
  watch: DownloadWatch,
): Promise<DownloadResult> {
  const { status, headers, body } = response;
  const result = {
    kind: "answer",
    status,
    retryAfter: headers.get("retry-after") ?? undefined,
  } as const;
  const range = parseContentRange(headers.get("content-range"));
  const offset = status === 206 ? range?.start ?? 0 : 0;
  if (status === 206 && offset !== (request.resume?.offset ?? 0)) {
    await body?.cancel();
    return {
      kind: "failure",
      cause: "protocol",
      message: "it answered with another part than asked for",
    };
  }
  // Some servers compress although they were asked not to. Such a body has another length, and
  // cannot be resumed.
  const encoding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
  const encoded = encoding !== "identity";
  const length = Number(headers.get("content-length") ?? NaN);
  const size = range?.size ?? (encoded || Number.isNaN(length) ? undefined : offset + length);
  const validator = encoded ? undefined : findValidator(headers);
  if (!guard(() => receiver.begin({ status, offset, size, validator }))) {
    await body?.cancel();
    return result;
  }
  if (size !== undefined && size > request.maxBytes) {
    await body?.cancel();
    return tooLarge(request.maxBytes);
  }
  const decoded = encoding === "gzip" || encoding === "x-gzip"
    ? body?.pipeThrough(new DecompressionStream("gzip"))
    : body;
  let end = offset;
  for await (const bytes of decoded ? pieces(decoded) : []) {
    watch.received(bytes.length);
    end += bytes.length;
    if (end > request.maxBytes) return tooLarge(request.maxBytes);
    guard(() => receiver.write(bytes));
  }
  return result;
}

/**
 * Reads a body in pieces. A piece is valid until the next one is read: all share one buffer, which
 * saves a fifth of the time.
 */
async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    // A decompressed body comes in buffers of its own.
    yield* body;
    return;
  }
  let ended = false;
  try {
    for (let buffer = new ArrayBuffer(BUFFER_BYTES);;) {
      const { value, done } = await reader.read(new Uint8Array(buffer));
      ended = done;
      if (done) return;
      yield value;
      buffer = value.buffer;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await reader.cancel();
  }
}

function headersFor(request: DownloadRequest, url: string): Record<string, string> {
  const isFirst = new URL(url).origin === new URL(request.url).origin;
  return {
    // The bytes of the file are hashed, not their compressed form.
    "accept-encoding": "identity",
    "user-agent": "kuberlr",
    ...(request.credentials !== undefined && isFirst
      ? {
        authorization: basicAuthorization(request.credentials),
      }
      : {}),
    ...(request.resume === undefined ? {} : {
      range: `bytes=${request.resume.offset}-`,
      "if-range": request.resume.validator,
    }),
  };
}

function planRedirect(
  from: string,
  location: string,
): { kind: "url"; url: string } | Extract<DownloadResult, { kind: "failure" }> {
  const failure = (message: string) => ({ kind: "failure", cause: "redirect", message }) as const;
  const url = URL.parse(location, from);
  if (url === null) return failure("redirected to something that is not a URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return failure(`redirected to ${url.protocol}`);
  }
  if (from.startsWith("https:") && url.protocol === "http:") {
    return failure(`redirected from https to plain http at ${url.host}`);
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return { kind: "url", url: url.href };
}

function parseContentRange(text: string | null): { start: number; size?: number } | undefined {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? "") ?? [];
  if (start === undefined) return undefined;
  return { start: Number(start), ...(size === "*" ? {} : { size: Number(size) }) };
}

/**
 * Returns what `If-Range` is sent with to go on with a broken download. A weak ETag does not count:
 * it does not promise the same bytes.
 */
function findValidator(headers: Headers): string | undefined {
  const etag = headers.get("etag");
  return (etag?.startsWith('"') ? etag : headers.get("last-modified")) ?? undefined;
}
