/**
 * One HTTP/1.1 response out of the bytes of a connection (RFC 9112): for the connections that `fetch` cannot make and
 * whose answers are therefore read by hand. Bodies are bounded by the caller.
 *
 * @module
 */

export type HttpMessage =
  | {
    readonly kind: "complete";
    readonly status: number;
    /** Names in lower case; the last of each. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }
  | { readonly kind: "incomplete" }
  | { readonly kind: "malformed" };

const MAX_HEAD_BYTES = 64 * 1024;
/** Go lets five pass. */
const MAX_EARLY_RESPONSES = 5;

/** `ended`: no more bytes will come. A body of more than `maxBytes` is complete with its first `maxBytes`. */
export function parseHttpMessage(
  bytes: Uint8Array,
  ended: boolean,
  maxBytes: number,
  earlyResponses = 0,
): HttpMessage {
  const headEnd = findHeadEnd(bytes);
  if (headEnd === undefined) {
    return ended || bytes.length > MAX_HEAD_BYTES ? MALFORMED : INCOMPLETE;
  }
  const [statusLine = "", ...lines] = decodeLatin1(bytes.subarray(0, headEnd)).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return MALFORMED;
  const rest = bytes.subarray(headEnd + 4);
  // 100 Continue and 103 Early Hints precede the response.
  if (status < 200) {
    return earlyResponses < MAX_EARLY_RESPONSES
      ? parseHttpMessage(rest, ended, maxBytes, earlyResponses + 1)
      : MALFORMED;
  }
  const headers = parseHeaders(lines);
  if (headers === undefined) return MALFORMED;

  const body = status === 204 || status === 304
    ? { bytes: new Uint8Array(0), complete: true }
    : parseBody(headers, rest, ended, maxBytes);
  if (body === undefined) return MALFORMED;
  if (!body.complete && body.bytes.length < maxBytes) return ended ? MALFORMED : INCOMPLETE;
  return { kind: "complete", status, headers, body: body.bytes.subarray(0, maxBytes) };
}

const INCOMPLETE: HttpMessage = { kind: "incomplete" };
const MALFORMED: HttpMessage = { kind: "malformed" };

interface Body {
  readonly bytes: Uint8Array;
  readonly complete: boolean;
}

function parseBody(
  headers: Readonly<Record<string, string>>,
  rest: Uint8Array,
  ended: boolean,
  maxBytes: number,
): Body | undefined {
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") return parseChunks(rest, maxBytes);
  const length = headers["content-length"];
  if (length === undefined) return { bytes: rest, complete: ended };
  if (!/^\d{1,15}$/.test(length)) return undefined;
  const bytes = rest.subarray(0, Number(length));
  return { bytes, complete: bytes.length === Number(length) };
}

function parseChunks(rest: Uint8Array, maxBytes: number): Body | undefined {
  const bytes = new Uint8Array(Math.min(rest.length, maxBytes));
  let filled = 0;
  for (let at = 0; filled < maxBytes;) {
    const lineEnd = rest.indexOf(0x0a, at);
    if (lineEnd === -1) {
      if (rest.length - at > 1024) return undefined;
      break;
    }
    const size = /^([0-9a-f]{1,8})(?:;.*)?\r$/i.exec(decodeLatin1(rest.subarray(at, lineEnd)))?.[1];
    if (size === undefined) return undefined;
    const length = parseInt(size, 16);
    if (length === 0) return { bytes: bytes.subarray(0, filled), complete: true };
    const chunk = rest.subarray(lineEnd + 1, lineEnd + 1 + Math.min(length, maxBytes - filled));
    bytes.set(chunk, filled);
    filled += chunk.length;
    at = lineEnd + 1 + length + 2;
    if (at > rest.length) break;
  }
  return { bytes: bytes.subarray(0, filled), complete: false };
}

function findHeadEnd(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(0x0d); at !== -1; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] === 0x0a && bytes[at + 2] === 0x0d && bytes[at + 3] === 0x0a) return at;
  }
  return undefined;
}

function parseHeaders(lines: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || /\s/.test(name)) return undefined;
    headers[name.toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
