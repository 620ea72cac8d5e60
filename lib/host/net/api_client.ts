/**
 * The `Http` port: one GET of an API server. The endpoint decides how it is sent:
 *
 * - verified https, or http: by `fetch`, with a client of its own
 *   - with a tls-server-name, or a port that `fetch` refuses: through a relay in this process
 *   - a server that speaks only HTTP/2: once more, without HTTP/1.1
 *   - an answer that `fetch` does not read: over a connection of Deno's, and parsed here; over
 *     HTTP/2 where such a connection cannot present the client certificate
 *   - a server whose own certificate is one of the trusted ones: over `node:tls`, with the
 *     certificate pinned, after `fetch` has refused it
 * - insecure-skip-tls-verify: over `node:tls`; over `node:http2` if the server speaks only HTTP/2
 *
 * Redirects are returned and not followed. Nothing is taken from the environment. Every socket is
 * closed once the answer is read or the deadline has passed.
 *
 * @module
 */
import type { ApiRequest, ApiResponse, ApiTls, Clock, Http } from "../../ports/host.ts";
import {
  CUT_OFF,
  explainNetworkFailure,
  hasUnknownExtension,
  isBadSignature,
  isHttp2Only,
  isOddAnswer,
  LEAF_EXTENSION,
  type NetworkFailure,
  NOT_HTTP,
  PIN_HINT,
  PROXY_HINT,
  SHORT_KEY,
  textOfError,
  TIMEOUT,
} from "../../api_server/network_failure.ts";
import { type HttpMessage, isSuccess } from "../../api_server/http_message.ts";
import { CHECKS_HANDSHAKES } from "./deno_release.ts";
import { openHttpClient } from "./http_client.ts";
import { isBlockedPort } from "../../api_server/blocked_ports.ts";
import { growingBytes } from "../../encoding/bytes.ts";
import { certificateName, hostInUrl } from "../../connection/ip_address.ts";
import { parseProxyUrl, type ProxyUrl } from "../../connection/proxy_url.ts";
import { type GetRequest, headersOmittedByFetch } from "./get_request.ts";
import { type Destination, ProxyRefusal } from "./tunnel.ts";
import { onUncaught } from "./uncaught.ts";

export function apiHttp(clock: Pick<Clock, "monotonicMs">): Http {
  return { ask: (request) => ask(request, clock) };
}

async function ask(request: ApiRequest, clock: Pick<Clock, "monotonicMs">): Promise<ApiResponse> {
  const remainingMs = request.deadlineMs - clock.monotonicMs();
  if (remainingMs <= 0) return failureOf(TIMEOUT);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("timed out")), remainingMs);
  let uncaught: NetworkFailure | undefined;
  const forget = onUncaught((error) => {
    uncaught = toFailure(error, request);
    controller.abort(error);
  });
  try {
    const url = new URL(request.url);
    const named = withCertificateName(request, url);
    if (url.protocol === "https:" && request.tls?.insecure) {
      return await askOverNodeTls(named, url, undefined, controller.signal);
    }
    return await askVerified(named, url, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return failureOf(uncaught ?? TIMEOUT);
    forget();
    const withoutCertificate = await askWithoutCertificate(request, clock);
    if (withoutCertificate !== undefined) return withoutCertificate;
    return failureOf(await diagnose(error, request, controller.signal));
  } finally {
    forget();
    clearTimeout(timer);
    controller.abort();
  }
}

/** Returns the request with the name that Go would look for in the server's certificate. */
function withCertificateName(request: ApiRequest, url: URL): ApiRequest {
  const { tls } = request;
  if (tls === undefined) return request;
  return { ...request, tls: { ...tls, serverName: certificateName(serverNameOf(url, tls)) } };
}

function serverNameOf(url: URL, tls: ApiTls | undefined): string {
  return tls?.serverName ?? hostnameOf(url);
}

/**
 * Asks without the client certificate if Deno cannot present it: most servers tell everybody their
 * version. Returns `undefined` if it can.
 */
async function askWithoutCertificate(
  request: ApiRequest,
  clock: Pick<Clock, "monotonicMs">,
): Promise<ApiResponse | undefined> {
  const { tls } = request;
  if (tls?.clientCertificate === undefined) return undefined;
  const { findCertificateFault } = await import("./client_certificate.ts");
  const fault = await findCertificateFault(tls.clientCertificate);
  if (fault === undefined) return undefined;
  const response = await ask({ ...request, tls: { ...tls, clientCertificate: undefined } }, clock);
  const isTold = response.kind === "answer" && isSuccess(response.status);
  const isOther = response.kind === "failure" && response.cause !== "certificate-required";
  return isTold || isOther ? response : failureOf(fault);
}

/** Returns the reason of a failure. Deno reports each certificate that it cannot use as forged. */
async function diagnose(
  error: unknown,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<NetworkFailure> {
  if (!isBadSignature(error)) return toFailure(error, request);
  if (await findShortKey(request, signal)) return SHORT_KEY;
  return request.tls?.insecure && await findUnknownExtension(request, signal)
    ? LEAF_EXTENSION
    : toFailure(error, request);
}

/**
 * Returns true if `fetch` cannot read the server's certificate. As nothing is trusted, nothing is
 * sent.
 */
async function findUnknownExtension(
  { tls, ...request }: ApiRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const url = new URL(request.url);
  const named = {
    ...request,
    headers: {},
    tls: { ...tls, clientCertificate: undefined },
  } as ApiRequest;
  try {
    await askByFetch({ request: named, url, roots: [], signal });
    return false;
  } catch (error) {
    return hasUnknownExtension(error);
  }
}

async function findShortKey(request: ApiRequest, signal: AbortSignal): Promise<boolean> {
  const url = new URL(request.url);
  if (url.protocol !== "https:") return false;
  const roots = await trustedRoots(url, request.tls);
  const { showsShortKey } = await import("./short_key.ts");
  const insecure = request.tls?.insecure ?? false;
  return await showsShortKey({ ...connectionOf(url, request), roots, insecure, signal });
}

async function trustedRoots(url: URL, tls: ApiTls | undefined): Promise<readonly string[]> {
  if (tls?.certificateAuthority !== undefined) return [tls.certificateAuthority];
  // An http server behind an https proxy has `tls`. Without TLS, no file needs to be read.
  if (url.protocol === "http:" && tls === undefined) return [];
  return await (await import("./system_roots.ts")).systemRoots();
}

async function askVerified(
  request: ApiRequest,
  url: URL,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const roots = await trustedRoots(url, request.tls);
  const attempt: Attempt = { request, url, roots, signal };
  try {
    return await askByFetch(attempt);
  } catch (error) {
    if (signal.aborted) throw error;
    if (isOddAnswer(error)) return await askOverConnection(attempt);
    const isTls = url.protocol === "https:";
    if (!isTls || !isHttp2Only(error)) return await askPinned(attempt, error);
  }
  try {
    return await askByFetch({ ...attempt, http2: true });
  } catch (error) {
    return await askPinned(attempt, error);
  }
}

/** Asks again after `fetch` has refused the server with `error`; throws it if that cannot help. */
async function askPinned(
  { request, url, roots, signal }: Attempt,
  error: unknown,
): Promise<ApiResponse> {
  const text = textOfError(error);
  if (signal.aborted || !/peer certificate/.test(text)) throw error;
  try {
    return await askOverNodeTls(request, url, roots, signal);
  } catch (pinError) {
    // Before Deno 2.9, `node:tls` refuses every pinned certificate.
    if (!CHECKS_HANDSHAKES || signal.aborted) throw error;
    // `node:tls` reads only the server's own certificate.
    if (hasUnknownExtension(error) && isBadSignature(pinError)) return failureOf(LEAF_EXTENSION);
    // The message of `fetch` is the reason, unless the certificate has no other issuer.
    throw isIssued(pinError) || !MAY_BE_OWN_ISSUER.test(text) ? error : pinError;
  }
}

interface Attempt {
  readonly request: ApiRequest;
  readonly url: URL;
  readonly roots: readonly string[];
  readonly signal: AbortSignal;
  /** Only HTTP/2 is offered. Otherwise, requests through the relay use only HTTP/1.1. */
  readonly http2?: boolean;
}

async function askByFetch(attempt: Attempt): Promise<ApiResponse> {
  const { request, url, roots, signal, http2 } = attempt;
  const serverName = request.tls?.serverName;
  const viaRelay = (serverName !== undefined && serverName !== hostnameOf(url)) ||
    isBlockedPort(url.port);
  // It throws for a name that is not a host's, so the relay is opened afterwards.
  const target = viaRelay ? urlForRelay(url, serverName) : url;
  const relay = viaRelay ? await relayTo(request, url, roots, signal) : undefined;
  try {
    using client = openHttpClient({
      roots,
      clientCertificate: request.tls?.clientCertificate,
      proxy: relay?.proxy ?? request.proxy,
      version: http2 ? "2" : viaRelay ? "1.1" : undefined,
    });
    const response = await fetch(target, {
      client,
      // HTTP/2 has no Host header; the `:authority` is that of the URL for the relay.
      headers: {
        ...request.headers,
        ...(viaRelay && !http2 ? { host: url.host } : {}),
        ...headersOmittedByFetch(url, proxyOf(request)),
      },
      redirect: "manual",
      signal,
    });
    return {
      kind: "answer",
      status: response.status,
      location: response.headers.get("location") ?? undefined,
      body: await readBody(response, request.maxBytes),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    throw relay?.failure() ?? error;
  } finally {
    await relay?.close();
  }
}

function isIssued(error: unknown): boolean {
  return error instanceof Error && "isIssued" in error && error.isIssued === true;
}

/** `fetch` says this of a certificate that may be its own authority. */
const MAY_BE_OWN_ISSUER = /CaUsedAsEndEntity|extended key usage|UnknownIssuer/;

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const body = growingBytes(maxBytes);
  const reader = response.body?.getReader();
  try {
    for (let part; reader !== undefined && !(part = await reader.read()).done;) {
      if (body.append(part.value)) continue;
      await reader.cancel();
      break;
    }
  } catch (error) {
    // As in Go, the end of the connection ends a body that has neither length nor chunks.
    const isEnd = ["content-length", "transfer-encoding"].every((name) =>
      response.headers.get(name) === null
    ) && textOfError(error).includes("reading a body");
    if (!isEnd) {
      throw error;
    }
  }
  return body.bytes();
}

async function relayTo(
  request: ApiRequest,
  url: URL,
  roots: readonly string[],
  signal: AbortSignal,
) {
  const proxy = proxyOf(request);
  const { openRelay } = await import("./relay.ts");
  const { dial } = await import("./dial.ts");
  return openRelay(() => dial(destinationOf(url), proxy, roots, signal));
}

/**
 * Returns the URL for `fetch` when it goes through the relay: with the server name as its host, and
 * without a port that `fetch` refuses.
 */
function urlForRelay(url: URL, serverName: string | undefined): URL {
  const name = serverName ?? hostnameOf(url);
  const relayed = new URL(url);
  relayed.hostname = hostInUrl(name);
  if (isBlockedPort(url.port)) relayed.port = "";
  // URLs normalize names, and silently keep the old one if they cannot take the new one.
  if (hostnameOf(relayed) !== name.toLowerCase()) {
    throw new Error("certificate not valid for name: no such name is possible");
  }
  return relayed;
}

/**
 * Asks a server whose answer over HTTP/1.1 `fetch` does not read. Over HTTP/2, `fetch` has no limit
 * of headers, and can present the client certificate.
 */
async function askOverConnection(attempt: Attempt): Promise<ApiResponse> {
  const { request, url, roots, signal } = attempt;
  const { getOverConnection, cannotPresent } = await import("./verified_connection.ts");
  const connectionRequest = { ...connectionOf(url, request), roots, signal };
  if (cannotPresent(connectionRequest)) {
    try {
      return await askByFetch({ ...attempt, http2: true });
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return await responseOf(await getOverConnection(connectionRequest), request.maxBytes);
}

async function askOverNodeTls(
  request: ApiRequest,
  url: URL,
  pinned: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const { askUnverified } = await import("./unverified_tls.ts");
  const message = await askUnverified({ ...connectionOf(url, request), pinned, signal });
  return await responseOf(message, request.maxBytes);
}

/** Returns the connection that a request needs, and the GET to send over it. */
function connectionOf(url: URL, request: ApiRequest) {
  const { headers, maxBytes, tls } = request;
  return {
    destination: destinationOf(url),
    serverName: serverNameOf(url, tls),
    proxy: proxyOf(request),
    clientCertificate: tls?.clientCertificate,
    request: { url, headers, maxBytes } satisfies GetRequest,
  };
}

async function responseOf(message: HttpMessage, maxBytes: number): Promise<ApiResponse> {
  if (message.kind !== "complete") {
    return failureOf(message.kind === "malformed" ? NOT_HTTP : CUT_OFF);
  }
  const { status, headers } = message;
  const isCompressed = headers["content-encoding"]?.toLowerCase() === "gzip";
  const body = isCompressed ? await decompress(message.body, maxBytes) : message.body;
  return { kind: "answer", status, location: headers["location"], body };
}

/** Returns at most `maxBytes` bytes; the bytes as they are if they are not gzip's. */
async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const body = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  try {
    return await readBody(new Response(body), maxBytes);
  } catch {
    return bytes;
  }
}

function destinationOf(url: URL): Destination {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { hostname: hostnameOf(url), port };
}

function proxyOf({ proxy }: ApiRequest): ProxyUrl | undefined {
  return proxy === undefined ? undefined : parseProxyUrl(proxy);
}

function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function failureOf(failure: NetworkFailure): ApiResponse {
  return { kind: "failure", ...failure };
}

function toFailure(error: unknown, { proxy }: ApiRequest): NetworkFailure {
  // These two errors are our own, and their messages can be shown.
  if (error instanceof ProxyRefusal) {
    return { cause: "proxy", message: error.message, hint: PROXY_HINT };
  }
  if (error instanceof Error && error.name === "PinMismatch") {
    return { cause: "tls", message: error.message };
  }
  const failure = explainNetworkFailure(error, proxy !== undefined);
  const isTrustFailure = failure.cause === "tls-extension" || failure.cause === "tls-strict";
  return isTrustFailure && !CHECKS_HANDSHAKES ? { ...failure, hint: PIN_HINT } : failure;
}
