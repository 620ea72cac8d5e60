/**
 * A mirror on loopback, laid out as dl.k8s.io is, that can fail in every way in which mirrors fail.
 * It speaks HTTP/1.1 over plain sockets, so that it can also break the protocol, and it records the
 * requests.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { type ReleaseFiles, releaseFiles, type ReleaseOptions } from "./mirror_files.ts";

export interface MirrorOptions extends ReleaseOptions {
  /** The fault of a request; `undefined` for none. */
  readonly fault?: (request: MirrorRequest) => Fault | undefined;
  /** The required `user:password`; a request without it is answered with 401. */
  readonly credentials?: string;
  /** Speaks TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface MirrorRequest {
  /** The path with its query. */
  readonly path: string;
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The number of requests for this path so far, including this one. */
  readonly nth: number;
}

export type Fault =
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  }
  /** Accepts a connection and never answers. */
  | { readonly kind: "silence" }
  /** Answers correctly after a delay. */
  | { readonly kind: "late"; readonly afterMs: number }
  /** Stops in the middle and keeps the connection open. */
  | { readonly kind: "stall"; readonly afterBytes: number }
  /** Closes the connection in the middle. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  | { readonly kind: "drip"; readonly bytes: number; readonly everyMs: number }
  /**
   * Never ends: sends the same bytes again and again, in pieces of this size, without or with
   * pauses.
   */
  | { readonly kind: "endless"; readonly bytes: number; readonly everyMs?: number }
  /** States a wrong Content-Length. */
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "gzip" }
  | { readonly kind: "chunked" }
  /** Ignores the range of the request and sends everything. */
  | { readonly kind: "ranges-ignored" }
  | { readonly kind: "redirect"; readonly location: string };

export interface Mirror extends AsyncDisposable {
  readonly url: string;
  /** The requests in the order of their arrival. */
  readonly requests: readonly MirrorRequest[];
  /** Returns the requests for kubectls, without those for checksums. */
  binaryRequests(): readonly MirrorRequest[];
}

const LAST_MODIFIED = "Tue, 11 Nov 2025 10:00:00 GMT";

// deno-lint-ignore require-await
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const listener = options.tls === undefined
    ? Deno.listen({ hostname: "127.0.0.1", port: 0 })
    : Deno.listenTls({
      hostname: "127.0.0.1",
      port: 0,
      cert: options.tls.certificate,
      key: options.tls.key,
    });
  const requests: MirrorRequest[] = [];
  const counts = new Map<string, number>();
  const connections = new Set<Deno.Conn>();
  const stopping = new AbortController();
  const release = releaseFiles(options);

  async function serve(connection: Deno.Conn): Promise<void> {
    connections.add(connection);
    try {
      const head = await readHead(connection);
      if (head === undefined) return;
      const nth = (counts.get(head.path) ?? 0) + 1;
      counts.set(head.path, nth);
      const request = { ...head, nth };
      requests.push(request);
      await answer(connection, request, options, { release, stopping: stopping.signal });
    } catch {
      // The client or this server has closed the connection.
    } finally {
      connections.delete(connection);
      tryClose(connection);
    }
  }

  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for (;;) {
      try {
        serving.push(serve(await listener.accept()));
      } catch (error) {
        // A failed handshake is the client's decision; a closed listener ends the loop.
        if (stopping.signal.aborted || error instanceof Deno.errors.BadResource) return;
      }
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    binaryRequests: () => requests.filter(({ path }) => /\/kubectl(?:\.exe)?$/.test(path)),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      listener.close();
      for (const connection of connections) tryClose(connection);
      await accepting;
      await Promise.all(serving);
    },
  };
}

const NO_SUCH_KEY = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code>` +
  `<Message>The specified key does not exist.</Message></Error>`;

async function answer(
  connection: Deno.Conn,
  request: MirrorRequest,
  { fault: chooseFault, credentials }: MirrorOptions,
  { release, stopping }: { readonly release: ReleaseFiles; readonly stopping: AbortSignal },
): Promise<void> {
  const send = (bytes: Uint8Array) => writeAll(connection, bytes);
  const sendHead = (status: number, headers: Readonly<Record<string, string>>) =>
    send(new TextEncoder().encode(
      [
        `HTTP/1.1 ${status} Whatever`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        "connection: close",
        "\r\n",
      ].join("\r\n"),
    ));
  const sendWhole = async (
    status: number,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    await sendHead(status, { "content-length": String(body.length), ...headers });
    await send(body);
  };
  const encode = (body: string | Uint8Array) =>
    typeof body === "string" ? new TextEncoder().encode(body) : body;

  if (credentials !== undefined && request.headers.authorization !== `Basic ${btoa(credentials)}`) {
    return await sendWhole(401, encode("Who are you?"));
  }
  const fault = chooseFault?.(request);
  switch (fault?.kind) {
    case "answer":
      return await sendWhole(fault.status, encode(fault.body ?? ""), fault.headers);
    case "redirect":
      return await sendWhole(302, encode(""), { location: fault.location });
    case "silence":
      return await untilAborted(stopping);
    case "late":
      await pause(fault.afterMs, stopping);
  }
  if (fault?.kind === "endless") {
    await sendHead(200, {});
    const piece = new Uint8Array(fault.bytes).fill(0x61);
    while (!stopping.aborted) {
      await send(piece);
      if (fault.everyMs !== undefined) await pause(fault.everyMs, stopping);
    }
    return;
  }
  const file = release(request.path.replace(/\?.*$/, ""));
  if (file === undefined) {
    return await sendWhole(404, encode(NO_SUCH_KEY), { "content-type": "application/xml" });
  }
  const about = { "last-modified": LAST_MODIFIED, "accept-ranges": "bytes" };
  const start = fault?.kind === "ranges-ignored" ? 0 : rangeStart(request);
  const body = file.subarray(start);
  const sendAbout = (length = body.length) =>
    start === 0 ? sendHead(200, { "content-length": String(length), ...about }) : sendHead(206, {
      "content-length": String(length),
      "content-range": `bytes ${start}-${file.length - 1}/${file.length}`,
      ...about,
    });
  switch (fault?.kind) {
    case "stall":
      await sendAbout();
      await send(body.subarray(0, fault.afterBytes));
      return await untilAborted(stopping);
    case "cut":
      await sendAbout();
      return await send(body.subarray(0, fault.afterBytes));
    case "drip":
      await sendAbout();
      for (let at = 0; at < body.length && !stopping.aborted; at += fault.bytes) {
        await send(body.subarray(at, at + fault.bytes));
        await pause(fault.everyMs, stopping);
      }
      return;
    case "length":
      await sendAbout(fault.length);
      return await send(body);
    case "gzip":
      return await sendWhole(200, gzipSync(file), { "content-encoding": "gzip", ...about });
    case "chunked":
      await sendHead(200, { "transfer-encoding": "chunked", ...about });
      await send(encode(`${file.length.toString(16)}\r\n`));
      await send(file);
      return await send(encode("\r\n0\r\n\r\n"));
    default:
      await sendAbout();
      return await send(body);
  }
}

function rangeStart({ headers }: MirrorRequest): number {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
  return start === undefined || headers["if-range"] !== LAST_MODIFIED ? 0 : Number(start);
}

async function readHead(
  connection: Deno.Conn,
): Promise<Omit<MirrorRequest, "nth"> | undefined> {
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) return undefined;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  const [first = "", ...lines] = text.split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  // Proxies get whole URLs.
  return { path: (first.split(" ")[1] ?? "").replace(/^http:\/\/[^/]+/, ""), headers };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await connection.write(bytes.subarray(done, done + 1024 * 1024));
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

function tryClose(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is already closed.
  }
}
