/**
 * Reads one HTTP/1.1 response (RFC 9112) from the bytes of a connection, for the connections that
 * `fetch` cannot make. Each byte is looked at once, however small the pieces are, and no more of
 * the body is kept than the caller asks for. It takes what Go's net/http takes: lines that end
 * without a carriage return, headers that are continued on the next line, spaces after a chunk's
 * size.
 *
 * @module
 */
import { growingBytes } from "../encoding/bytes.ts";

export type HttpMessage =
  | {
    readonly kind: "complete";
    readonly status: number;
    /** By name in lower case; of a repeated header, the last value. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }
  | { readonly kind: "incomplete" }
  /** The connection ended before the message did. */
  | { readonly kind: "truncated" }
  | { readonly kind: "malformed" };

export interface HttpReader {
  /** Takes the next piece. Bytes after the message are ignored. */
  push(piece: Uint8Array): HttpMessage;
  /** Ends the input: no more bytes will come. */
  end(): HttpMessage;
}

/** Interim responses count, as in Go. */
const MAX_HEAD_BYTES = 1024 * 1024;
const MAX_CHUNK_LINE_LENGTH = 1024;
/** So many bytes of a piece are copied before the end of the head is looked for. */
const HEAD_BLOCK = 4096;

/**
 * Returns a reader for one response. A body longer than `maxBytes` is complete with its first
 * `maxBytes`.
 */
export function httpReader(maxBytes: number): HttpReader {
  let step: Step = readHead(maxBytes, MAX_HEAD_BYTES);
  let message: HttpMessage = INCOMPLETE;
  const settle = (next: Step | HttpMessage): boolean => {
    if ("push" in next) step = next;
    else message = next;
    return !("push" in next);
  };
  return {
    push(piece) {
      for (let rest = piece; message.kind === "incomplete";) {
        const result = step.push(rest);
        if (result === "more") break;
        if (settle(result.next)) break;
        rest = result.rest;
      }
      return message;
    },
    end() {
      if (message.kind === "incomplete") message = step.end();
      return message;
    },
  };
}

/** The part of the message that is being read. */
interface Step {
  /** Returns `more` if it took the whole piece and needs another. */
  push(piece: Uint8Array): "more" | Progress;
  end(): HttpMessage;
}

interface Progress {
  readonly next: Step | HttpMessage;
  readonly rest: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const INCOMPLETE: HttpMessage = { kind: "incomplete" };
const MALFORMED: HttpMessage = { kind: "malformed" };
const TRUNCATED: HttpMessage = { kind: "truncated" };
const truncated = (): HttpMessage => TRUNCATED;
const failed: Progress = { next: MALFORMED, rest: NOTHING };

function readHead(maxBytes: number, maxHeadBytes: number): Step {
  const head = growingBytes(maxHeadBytes);
  return {
    push(piece) {
      for (let at = 0; at < piece.length; at += HEAD_BLOCK) {
        const before = head.bytes().length;
        const fits = head.append(piece.subarray(at, at + HEAD_BLOCK));
        const end = findHeadEnd(head.bytes(), Math.max(0, before - 2));
        if (end !== undefined) {
          const next = planBody(head.bytes().subarray(0, end), maxBytes, maxHeadBytes - end);
          return { next, rest: piece.subarray(at + end - before) };
        }
        if (!fits) return failed;
      }
      return "more";
    },
    end: truncated,
  };
}

/** `head` ends with an empty line. */
function planBody(head: Uint8Array, maxBytes: number, maxHeadBytes: number): Step | HttpMessage {
  const [statusLine = "", ...lines] = decodeLatin1(head)
    .replace(/\r?\n[ \t]+/g, " ")
    .trimEnd().split(/\r?\n/);
  const status = Number(/^HTTP\/\d\.\d +(\d{3})(?: |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return MALFORMED;
  // 100 Continue and 103 Early Hints precede the response.
  if (status < 200) return readHead(maxBytes, maxHeadBytes);
  const headers = parseHeaders(lines);
  if (headers === undefined) return MALFORMED;
  const complete = (body: Uint8Array): HttpMessage => ({ kind: "complete", status, headers, body });
  if (status === 204 || status === 304) return complete(NOTHING);
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") {
    return readChunks(maxBytes, complete);
  }
  const length = headers["content-length"];
  if (length === undefined) return readCounted(Infinity, maxBytes, complete);
  if (!/^\d{1,15}$/.test(length)) return MALFORMED;
  return length === "0" || Number(length) === 0
    ? complete(NOTHING)
    : readCounted(Number(length), maxBytes, complete);
}

type Complete = (body: Uint8Array) => HttpMessage;

/** `length` is infinite if the end of the connection ends the body. */
function readCounted(length: number, maxBytes: number, complete: Complete): Step {
  const most = Math.min(length, maxBytes);
  const body = growingBytes(most);
  return {
    push(piece) {
      body.append(piece);
      return body.bytes().length < most ? "more" : { next: complete(body.bytes()), rest: NOTHING };
    },
    end: () => length === Infinity ? complete(body.bytes()) : TRUNCATED,
  };
}

function readChunks(maxBytes: number, complete: Complete): Step {
  const body = growingBytes(maxBytes);
  let line = "";
  /** The bytes left of the current chunk, its line end included, which is not kept. */
  let left = 0;
  return {
    push(piece) {
      for (let at = 0; at < piece.length;) {
        if (left > 0) {
          const part = piece.subarray(at, at + left);
          body.append(part.subarray(0, Math.max(0, left - 2)));
          left -= part.length;
          at += part.length;
          if (body.bytes().length >= maxBytes) {
            return { next: complete(body.bytes()), rest: NOTHING };
          }
          continue;
        }
        const end = piece.indexOf(0x0a, at);
        line += decodeLatin1(piece.subarray(at, end === -1 ? at + MAX_CHUNK_LINE_LENGTH + 1 : end));
        if (line.length > MAX_CHUNK_LINE_LENGTH) return failed;
        if (end === -1) return "more";
        const size = /^([0-9a-f]{1,16})[ \t]*(?:;.*)?\r$/i.exec(line)?.[1];
        if (size === undefined) return failed;
        if (parseInt(size, 16) === 0) return { next: complete(body.bytes()), rest: NOTHING };
        line = "";
        left = parseInt(size, 16) + 2;
        at = end + 1;
      }
      return "more";
    },
    end: truncated,
  };
}

/**
 * Returns true if client-go's `transformResponse` reads the body of an answer with this status. A
 * proxy that changes answers says 203, for example.
 */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 206;
}

/** Returns where the empty line after the head ends. */
function findHeadEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0x0a, from); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return undefined;
}

function parseHeaders(lines: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || /^\s/.test(name)) return undefined;
    headers[name.toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
