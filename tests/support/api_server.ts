/**
 * A Kubernetes API server on loopback. It implements what `kubectl version`, `get namespaces` and
 * `get pods` need, over http or TLS, with tokens, basic auth and client certificates, and gives
 * every odd answer that a proxy or a broken server gives. It records each request: its path, its
 * server name and its credentials.
 *
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { SecureServerOptions } from "node:http2";
import type { ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { API_DOCUMENTS, versionBody } from "./api_documents.ts";
import type { Identity } from "./certificates.ts";

export interface ApiServerOptions {
  /** `gitVersion`: `v1.30.2`, `v1.29.4-eks-036c24b`. */
  readonly version?: string;
  /** Plain http where absent. */
  readonly tls?: Identity;
  /** Asks for client certificates; a certificate of this CA authenticates. */
  readonly clientCa?: string;
  /** The bearer token that authenticates; any other token is answered with 401. */
  readonly token?: string;
  /** The `user:password` that authenticates; any other is answered with 401. */
  readonly basic?: string;
  /** True if requests without credentials are answered, which is the default. */
  readonly anonymous?: boolean;
  /** Milliseconds before each answer. */
  readonly delayMs?: number;
  /** Replaces an API server's own answer, unless the function returns `undefined`. */
  readonly answer?: Answer | ((request: SeenRequest) => Answer | undefined);
  /** Where the API is mounted: `/k8s/clusters/c-1`. */
  readonly prefix?: string;
  /** The address to listen on: 127.0.0.1 if absent. */
  readonly hostname?: string;
  readonly port?: number;
  /** Speaks only HTTP/2, over TLS. */
  readonly http2?: boolean;
}

export type Answer =
  | {
    readonly kind: "body";
    readonly status?: number;
    readonly body: string | Uint8Array;
    readonly headers?: Readonly<Record<string, string>>;
  }
  /** A login page with status 200. */
  | { readonly kind: "html" }
  /** The Status object with which an API server refuses. */
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Sends half of the promised bytes, then closes the connection. */
  | { readonly kind: "truncated" }
  /** Closes the connection before any answer. */
  | { readonly kind: "reset" }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Sends headers, then a byte every 50 ms without end. */
  | { readonly kind: "drip" }
  /** A valid answer that is padded to this many bytes. */
  | { readonly kind: "huge"; readonly bytes: number };

export interface SeenRequest {
  readonly method: string;
  /** The path with the query. */
  readonly path: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The name in the TLS handshake. */
  readonly sni: string | undefined;
  /** The common name of the client certificate that was presented, authenticated or not. */
  readonly clientCertificate: string | undefined;
}

export interface ApiServer extends AsyncDisposable {
  /** `https://127.0.0.1:41234`, prefix included. */
  readonly url: string;
  readonly port: number;
  /** The requests in order of arrival; the list grows. */
  readonly requests: SeenRequest[];
  /** The number of TCP connections accepted so far, including those without a request. */
  readonly connections: number;
  /** Resolves when everything that has happened so far is recorded; absent if that is always so. */
  settled?(): Promise<void>;
}

export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { tls, hostname = "127.0.0.1", prefix = "" } = options;
  const requests: SeenRequest[] = [];
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const sockets = new Set<Socket>();
  let connections = 0;

  const listener: RequestListener = (incoming, outgoing) => {
    const { seen, authenticated } = describe(incoming, options);
    requests.push(seen);
    outgoing.on("error", () => {});
    const respond = () => {
      const odd = typeof options.answer === "function" ? options.answer(seen) : options.answer;
      send(outgoing, odd ?? apiAnswer(seen, options, authenticated), options, timers);
    };
    if (options.delayMs === undefined) return respond();
    later(timers, options.delayMs, respond);
  };

  const secure = {
    cert: tls?.certificate,
    key: tls?.key,
    ...(options.clientCa === undefined
      ? {}
      : { ca: options.clientCa, requestCert: true, rejectUnauthorized: false }),
  } as SecureServerOptions;
  const server = tls === undefined
    ? (await import("node:http")).createServer(listener)
    : options.http2
    // The part of the HTTP/2 API that is used here is the same as HTTP/1.1's.
    ? (await import("node:http2")).createSecureServer(
      { ...secure, allowHTTP1: false },
      listener as unknown as Parameters<typeof import("node:http2").createSecureServer>[1],
    )
    : (await import("node:https")).createServer(secure as ServerOptions, listener);
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  // Many tests are about a client that breaks off the handshake.
  server.on("tlsClientError", () => {});
  server.on("clientError", (_error: Error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, hostname, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const authority = hostname.includes(":") ? `[${hostname}]` : hostname;

  return {
    url: `${tls === undefined ? "http" : "https"}://${authority}:${port}${prefix}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function describe(incoming: IncomingMessage, options: ApiServerOptions) {
  const socket = incoming.socket as TLSSocket & { servername?: string | false | null };
  const certificate = options.clientCa === undefined ? undefined : socket.getPeerCertificate?.();
  const clientCertificate = certificate?.subject?.CN as string | undefined;
  const { authorization } = incoming.headers;
  const seen: SeenRequest = {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    host: incoming.headers.host ?? incoming.headers[":authority"] as string | undefined,
    authorization,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    sni: socket.servername || undefined,
    clientCertificate,
  };
  return { seen, authenticated: authenticate(seen, options, socket.authorized === true) };
}

/** A wrong credential is refused even if no credential is required, as kube-apiserver does. */
function authenticate(
  { authorization, clientCertificate }: SeenRequest,
  { token, basic, anonymous = true }: ApiServerOptions,
  certified: boolean,
): boolean {
  if (clientCertificate !== undefined && certified) return true;
  if (authorization === undefined) return anonymous;
  if (token === undefined && basic === undefined) return true;
  return (token !== undefined && authorization === `Bearer ${token}`) ||
    (basic !== undefined && authorization === `Basic ${btoa(basic)}`);
}

function apiAnswer(
  { path }: SeenRequest,
  { version = "v1.30.2", prefix = "" }: ApiServerOptions,
  authenticated: boolean,
): Answer {
  if (!authenticated) return { kind: "status", status: 401 };
  const [plain = ""] = path.split("?");
  if (plain === `${prefix}/version`) return json(versionBody(version));
  const found = plain.startsWith(prefix) ? API_DOCUMENTS[plain.slice(prefix.length)] : undefined;
  return found === undefined ? { kind: "status", status: 404 } : json(found);
}

function json(value: unknown): Answer {
  return {
    kind: "body",
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  };
}

function send(
  outgoing: ServerResponse,
  answer: Answer,
  { version = "v1.30.2" }: ApiServerOptions,
  timers: Set<ReturnType<typeof setTimeout>>,
): void {
  switch (answer.kind) {
    case "body":
      outgoing.writeHead(answer.status ?? 200, answer.headers ?? {});
      outgoing.end(answer.body);
      return;
    case "html":
      outgoing.writeHead(200, { "content-type": "text/html" });
      outgoing.end("<!doctype html><title>Log in</title><form></form>");
      return;
    case "status":
      outgoing.writeHead(answer.status, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        reason: REASONS[answer.status],
        code: answer.status,
      }));
      return;
    case "redirect":
      outgoing.writeHead(answer.status ?? 302, { location: answer.location });
      outgoing.end();
      return;
    case "truncated": {
      const body = JSON.stringify(versionBody(version));
      outgoing.writeHead(200, { "content-length": String(body.length) });
      outgoing.write(body.slice(0, body.length / 2), () => outgoing.socket?.destroy());
      return;
    }
    case "reset":
      outgoing.socket?.destroy();
      return;
    case "hang":
      return;
    case "drip": {
      outgoing.writeHead(200, { "content-type": "application/json" });
      const drop = () => {
        if (outgoing.destroyed) return;
        outgoing.write(" ");
        later(timers, 50, drop);
      };
      return drop();
    }
    case "huge":
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.write(JSON.stringify(versionBody(version)));
      outgoing.end(" ".repeat(answer.bytes));
      return;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

function later(timers: Set<ReturnType<typeof setTimeout>>, ms: number, run: () => void): void {
  const timer = setTimeout(() => {
    timers.delete(timer);
    run();
  }, ms);
  timers.add(timer);
}
