/**
 * TLS by `node:tls`, for the two cases that `fetch` cannot do: a cluster with
 * insecure-skip-tls-verify, and a server whose own certificate is one of the trusted ones, which Go
 * accepts and rustls does not.
 *
 * `node:tls` with a CA must not be relied on. In Deno 2.9.6 it accepts a forged certificate of
 * version 1 whose issuer has the right name, because it does not check the signature. So there are
 * two cases here: nothing is verified, as the user has configured it; or, before a byte is written,
 * the certificate must be equal to a trusted one byte for byte, of version 3, within its dates, for
 * servers and for the right name.
 *
 * Anyone can show a certificate; only the signature of the handshake proves that the server has the
 * key. `node:tls` checks that signature if rustls can read the certificate, even with
 * `rejectUnauthorized: false`. Deno 2.6 checks it only with `true`, and then refuses every such
 * server, which is better than accepting a forgery.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { ConnectionOptions, PeerCertificate, TLSSocket } from "node:tls";
import type { ClientCertificate } from "../../ports/host.ts";
import { type HttpMessage, httpReader } from "../../api_server/http_message.ts";
import { parsePemCertificate, splitCertificates } from "../../encoding/pem.ts";
import { isHttp2Only } from "../../api_server/network_failure.ts";
import { emptyDefaultStore, isReadableLeaf } from "./http_client.ts";
import { hostToDial, isAddress } from "../../connection/ip_address.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { CHECKS_HANDSHAKES } from "./deno_release.ts";
import { formatGet, type GetRequest } from "./get_request.ts";
import { connect, destroy, event, socketChannel } from "./node_sockets.ts";
import { type Destination, openTunnel } from "./tunnel.ts";

export interface UnverifiedRequest {
  readonly destination: Destination;
  /** The name in the handshake; a pinned certificate must be valid for it. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  /** PEM texts; the server's certificate must be one of them. `undefined`: nothing is verified. */
  readonly pinned: readonly string[] | undefined;
  readonly request: GetRequest;
  readonly signal: AbortSignal;
}

/** The server's certificate is not a pinned one, or not valid for this server or this day. */
export class PinMismatch extends Error {
  override readonly name = "PinMismatch";
  /** The certificate is not self-signed: a trusted authority may have issued it. */
  readonly isIssued: boolean;

  constructor(message: string, isIssued = false) {
    super(message);
    this.isIssued = isIssued;
  }
}

/**
 * Returns the answer to the GET.
 *
 * @throws {PinMismatch} @throws {ProxyRefusal} and what sockets throw, with the `code` of errno
 */
export async function askUnverified(request: UnverifiedRequest): Promise<HttpMessage> {
  const sockets: Socket[] = [];
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  // Once the request is over, nothing awaits this promise, and its rejection must not end us.
  aborted.catch(() => {});
  const abort = () => reject(request.signal.reason);
  request.signal.addEventListener("abort", abort);
  try {
    return await Promise.race([aborted, exchange(request, sockets)]);
  } finally {
    request.signal.removeEventListener("abort", abort);
    await Promise.all(sockets.reverse().map(destroy));
  }
}

/**
 * Asks over HTTP/1.1, and again over HTTP/2 where the server speaks nothing else: it refuses the
 * handshake, or answers with something that is not HTTP/1.1.
 */
async function exchange(request: UnverifiedRequest, sockets: Socket[]): Promise<HttpMessage> {
  try {
    return await getOverHttp1(await open(request, "http/1.1", sockets), request.request);
  } catch (error) {
    if (!isHttp2Only(error)) throw error;
    const { getOverHttp2 } = await import("./http2_exchange.ts");
    return await getOverHttp2(await open(request, "h2", sockets), request.request);
  }
}

/** Returns a TLS connection to the server, over which nothing has been sent. */
async function open(
  { destination, serverName, proxy, clientCertificate, pinned }: UnverifiedRequest,
  protocol: Protocol,
  sockets: Socket[],
): Promise<TLSSocket> {
  // An address must not be sent as a server name. Without one, Deno would send the name of the host
  // that it connects to, so it gets a connected socket.
  const isNameless = isAddress(serverName) && !isAddress(destination.hostname);
  const carrier = proxy !== undefined
    ? await connectThrough(proxy, destination, pinned, sockets)
    : isNameless
    ? await connect(destination, sockets)
    : undefined;
  const peer = { carrier: carrier ?? destination, serverName, clientCertificate, pinned, protocol };
  return await handshake(peer, sockets);
}

/**
 * Returns a socket that leads to the destination through the proxy. Deno 2.6 cannot put TLS on it,
 * and waits until the deadline.
 */
async function connectThrough(
  proxy: ProxyUrl,
  destination: Destination,
  pinned: readonly string[] | undefined,
  sockets: Socket[],
): Promise<Socket> {
  const { hostname, port } = proxy;
  const socket = proxy.scheme === "https"
    ? await handshake(
      { carrier: { hostname, port }, serverName: hostname, pinned, protocol: "http/1.1" },
      sockets,
    )
    : await connect(proxy, sockets);
  await openTunnel(socketChannel(socket), proxy, destination);
  return socket;
}

interface Peer {
  /** A socket that leads to the peer, or the address to connect to. */
  readonly carrier: Socket | Destination;
  readonly serverName: string;
  readonly clientCertificate?: UnverifiedRequest["clientCertificate"];
  readonly pinned: readonly string[] | undefined;
  /** The only protocol that is offered. */
  readonly protocol: Protocol;
}

type Protocol = "http/1.1" | "h2";

async function handshake(
  { carrier, serverName, clientCertificate, pinned, protocol }: Peer,
  sockets: Socket[],
): Promise<TLSSocket> {
  emptyDefaultStore();
  const tls = await import("node:tls");
  const options: ConnectionOptions = {
    ...("port" in carrier
      ? { host: hostToDial(carrier.hostname), port: carrier.port }
      : { socket: carrier }),
    rejectUnauthorized: pinned !== undefined && !CHECKS_HANDSHAKES,
    // Without `ca`, and with an empty default store, Deno refuses every certificate, even
    // unverified. The pinned ones are compared below; Deno would throw where one of them cannot be
    // read.
    ca: [],
    ALPNProtocols: [protocol],
    // If this were absent, the host of the connection would be sent.
    servername: isAddress(serverName) ? "" : serverName,
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  };
  const socket = tls.connect(options);
  socket.setNoDelay(true);
  sockets.push(socket);
  await event(socket, "secureConnect");
  if (pinned !== undefined) {
    const certificate = socket.getPeerCertificate();
    await checkPin(certificate, pinned);
    // Without a DNS name among the alternative names, Node falls back to the common name of the
    // subject. Go does not, so the subject is removed.
    const nameless = { ...certificate, subject: {} } as typeof certificate;
    if (tls.checkServerIdentity(serverName, nameless) !== undefined) {
      throw new PinMismatch(`the server's certificate is not valid for "${serverName}"`);
    }
  }
  return socket;
}

// As DER has them: the extension of extended key usage, the usage of servers, and any usage.
const EXTENDED_KEY_USAGE = [6, 3, 0x55, 0x1d, 0x25];
const SERVER_USAGES = [[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1], [6, 4, 0x55, 0x1d, 0x25, 0]];

/** Checks everything but the name. @throws {PinMismatch} */
async function checkPin(certificate: PeerCertificate, pinned: readonly string[]): Promise<void> {
  const { raw, valid_from, valid_to } = certificate;
  const pem = pinned.flatMap(splitCertificates).find((each) =>
    isSame(parsePemCertificate(each), raw)
  );
  if (pem === undefined) {
    const isIssued = JSON.stringify(certificate.subject) !== JSON.stringify(certificate.issuer);
    throw new PinMismatch("the server's certificate is signed by an unknown authority", isIssued);
  }
  if (!isVersion3(raw) || !await isReadableLeaf(pem)) {
    throw new PinMismatch("the server's certificate cannot be checked");
  }
  const now = Date.now();
  if (!(Date.parse(valid_from) <= now && now <= Date.parse(valid_to))) {
    throw new PinMismatch("the server's certificate has expired or is not valid yet");
  }
  // Deno does not read this extension.
  const isLimited = includes(raw, EXTENDED_KEY_USAGE);
  if (isLimited && !SERVER_USAGES.some((usage) => includes(raw, usage))) {
    throw new PinMismatch("the server's certificate is not meant for servers");
  }
}

/** The first byte of HTTP/2: a frame begins with its length in three bytes, here below 65,536. */
const FIRST_OF_HTTP2 = 0;

async function getOverHttp1(socket: TLSSocket, request: GetRequest): Promise<HttpMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpMessage>();
  const reader = httpReader(request.maxBytes);
  const settle = (message: HttpMessage) => {
    if (message.kind !== "incomplete") resolve(message);
  };
  socket.once("data", ([first]: Uint8Array) => {
    if (first === FIRST_OF_HTTP2) reject(new Error("invalid HTTP version"));
  });
  socket.on("data", (part: Uint8Array) => settle(reader.push(part)));
  socket.on("end", () => settle(reader.end()));
  socket.on("close", () => settle(reader.end()));
  socket.on("error", reject);
  // Each character is one byte, as in `fetch`.
  socket.write(formatGet(request), "latin1");
  return await promise;
}

function includes(bytes: Uint8Array, part: readonly number[]): boolean {
  return bytes.some((_, start) => part.every((byte, index) => bytes[start + index] === byte));
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length > 0 && a.length === b.length &&
    a.every((byte, index) => byte === b[index]);
}

/**
 * Returns true if a certificate begins with `SEQUENCE { SEQUENCE { [0] { INTEGER 2 }`, which says
 * version 3 (RFC 5280, 4.1). For older versions, `node:tls` does not check the handshake.
 */
function isVersion3(der: Uint8Array): boolean {
  const first = contentStart(der, contentStart(der, 0));
  return [0xa0, 3, 2, 1, 2].every((byte, index) => der[first + index] === byte);
}

/** Returns where the content of the DER element at `at` starts. */
function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
