/**
 * TLS for the two cases that `fetch` cannot do: a cluster with insecure-skip-tls-verify, and a
 * server whose own certificate is one of the trusted ones, which Go accepts and rustls does not. It
 * goes through `node:tls`.
 *
 * Never hand a CA to `node:tls` and rely on it: in Deno 2.9.6 it accepts forged certificates then
 * (a version 1 certificate whose issuer's name fits; its signature is not checked). So here
 * either nothing is verified, as the user configured it, or the certificate has to be one of the
 * trusted ones byte for byte, version 3, within its dates, for a server and for the right name,
 * before a byte is written. Anyone can show a certificate; only the handshake's signature proves
 * that the server holds the key. `node:tls` checks that signature if rustls can read the
 * certificate, even if it is told not to reject what it cannot verify. Deno 2.6 checks it only if
 * it is told to reject, and then accepts no such server at all, which is the lesser evil.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { ConnectionOptions, PeerCertificate, TLSSocket } from "node:tls";
import { type HttpMessage, httpReader } from "../../api_server/http_message.ts";
import { splitCertificates } from "../../encoding/pem.ts";
import { isHttp2Only } from "../../api_server/network_failure.ts";
import { emptyDefaultStore, isReadableLeaf } from "./http_client.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { CHECKS_HANDSHAKES } from "./deno_release.ts";
import { formatGet, type GetRequest } from "./get_request.ts";
import { connect, destroy, event, socketChannel } from "./node_sockets.ts";
import { type Destination, openTunnel } from "./tunnel.ts";

export interface UnverifiedRequest {
  readonly destination: Destination;
  /** In the handshake, and of the certificate where it is pinned. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  readonly identity: { readonly certificate: string; readonly key: string } | undefined;
  /** PEM texts, one of which the server's certificate has to be; `undefined`: anything goes. */
  readonly pinned: readonly string[] | undefined;
  readonly request: GetRequest;
  readonly signal: AbortSignal;
}

/** The server's certificate is not a pinned one, or not valid for this server or this day. */
export class PinMismatch extends Error {
  override readonly name = "PinMismatch";
  /** Whether another authority has issued it, which may be a trusted one. */
  readonly isIssued: boolean;

  constructor(message: string, isIssued = false) {
    super(message);
    this.isIssued = isIssued;
  }
}

/** @throws {PinMismatch} @throws {ProxyRefusal} and what sockets throw, with errno's `code`. */
export async function askUnverified(request: UnverifiedRequest): Promise<HttpMessage> {
  const sockets: Socket[] = [];
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  // The request may be over by then, so that no one waits for it.
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
    return await converse(await open(request, "http/1.1", sockets), request.request);
  } catch (error) {
    if (!isHttp2Only(error)) throw error;
    const { getOverHttp2 } = await import("./http2_exchange.ts");
    return await getOverHttp2(await open(request, "h2", sockets), request.request);
  }
}

/** Returns a TLS connection to the server, over which nothing has been sent. */
async function open(
  { destination, serverName, proxy, identity, pinned }: UnverifiedRequest,
  protocol: Protocol,
  sockets: Socket[],
): Promise<TLSSocket> {
  // An address must not be sent as a name, and Deno would show the host that it connects to by
  // itself.
  const isNameless = isAddress(serverName) && !isAddress(destination.hostname);
  const carrier = proxy !== undefined
    ? await connectThrough(proxy, destination, pinned, sockets)
    : isNameless
    ? await connect(destination, sockets)
    : undefined;
  const peer = { carrier: carrier ?? destination, serverName, identity, pinned, protocol };
  return await handshake(peer, sockets);
}

/**
 * A socket that leads to the destination. Deno 2.6 cannot put TLS on it, and runs into the
 * deadline.
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
  /** A socket that leads to it, or where to connect. */
  readonly carrier: Socket | Destination;
  readonly serverName: string;
  readonly identity?: UnverifiedRequest["identity"];
  readonly pinned: readonly string[] | undefined;
  /** The only one that is offered. */
  readonly protocol: Protocol;
}

type Protocol = "http/1.1" | "h2";

async function handshake(
  { carrier, serverName, identity, pinned, protocol }: Peer,
  sockets: Socket[],
): Promise<TLSSocket> {
  emptyDefaultStore();
  const tls = await import("node:tls");
  const options: ConnectionOptions = {
    ...("port" in carrier ? { host: carrier.hostname, port: carrier.port } : { socket: carrier }),
    rejectUnauthorized: pinned !== undefined && !CHECKS_HANDSHAKES,
    // With none at all and an empty default store Deno refuses every certificate, unverified or
    // not.
    ca: [...pinned ?? []],
    ALPNProtocols: [protocol],
    // Empty, or the host of the connection would be taken.
    servername: isAddress(serverName) ? "" : serverName,
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
  };
  const socket = tls.connect(options);
  socket.setNoDelay(true);
  sockets.push(socket);
  await event(socket, "secureConnect");
  if (pinned !== undefined) {
    const certificate = socket.getPeerCertificate();
    await checkPin(certificate, pinned);
    // Without its subject: Node falls back to the common name where no alternative name is one of
    // DNS, Go does not.
    const nameless = { ...certificate, subject: {} } as typeof certificate;
    if (tls.checkServerIdentity(serverName, nameless) !== undefined) {
      throw new PinMismatch(`the server's certificate is not valid for "${serverName}"`);
    }
  }
  return socket;
}

const SERVER_PURPOSES = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/** Everything but the name. @throws {PinMismatch} */
async function checkPin(certificate: PeerCertificate, pinned: readonly string[]): Promise<void> {
  const { raw, valid_from, valid_to, ext_key_usage: purposes } = certificate;
  const pem = pinned.flatMap(splitCertificates).find((each) => isSame(decodePem(each), raw));
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
  if (purposes !== undefined && !purposes.some((purpose) => SERVER_PURPOSES.includes(purpose))) {
    throw new PinMismatch("the server's certificate is not meant for servers");
  }
}

/** A server's first frame has a length below 65,536, of three bytes. */
const FIRST_OF_HTTP2 = 0;

async function converse(socket: TLSSocket, request: GetRequest): Promise<HttpMessage> {
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
  // A character is a byte, as `fetch` has it.
  socket.write(formatGet(request), "latin1");
  return await promise;
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$|:/.test(name);
}

function decodePem(pem: string): Uint8Array {
  const base64 = pem.replace(/-----[^-]+-----/g, "");
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length > 0 && a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/**
 * `Certificate ::= SEQUENCE { SEQUENCE { [0] { INTEGER 2 }, …`: the handshake of older ones is not
 * checked.
 */
function isVersion3(der: Uint8Array): boolean {
  const first = contentStart(der, contentStart(der, 0));
  return [0xa0, 3, 2, 1, 2].every((byte, index) => der[first + index] === byte);
}

/** Where the content of the DER element at `at` starts. */
function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
