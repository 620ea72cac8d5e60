/**
 * A GET over a connection that Deno verifies; the answer is parsed here. It is for answers that
 * `fetch` does not read.
 *
 * @module
 */
import type { ClientCertificate } from "../../ports/host.ts";
import { type HttpMessage, httpReader } from "../../api_server/http_message.ts";
import { parseProxyUrl, type ProxyUrl } from "../../connection/proxy_url.ts";
import { dial } from "./dial.ts";
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly, connectionChannel, openRelay } from "./relay.ts";
import type { Destination } from "./tunnel.ts";
import { formatGet, type GetRequest } from "./get_request.ts";

export interface ConnectionRequest {
  readonly destination: Destination;
  /** The name in the handshake; the certificate must be valid for it. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  /** PEM texts; nothing else is trusted. */
  readonly roots: readonly string[];
  readonly request: GetRequest;
  readonly signal: AbortSignal;
}

/**
 * Returns true if the client certificate cannot be presented: Deno presents one only over a
 * connection that it opens itself, to the name that it verifies.
 */
export function cannotPresent(
  { destination, serverName, proxy, clientCertificate, request }: ConnectionRequest,
): boolean {
  const isDirect = proxy === undefined && serverName === destination.hostname;
  return request.url.protocol === "https:" && clientCertificate !== undefined && !isDirect;
}

/**
 * Returns the answer to the GET. Where the client certificate cannot be presented, it is left out.
 *
 * @throws {ProxyRefusal} and what Deno's connections throw
 */
export async function getOverConnection(
  connectionRequest: ConnectionRequest,
): Promise<HttpMessage> {
  const { signal, request } = connectionRequest;
  emptyDefaultStore();
  const opened: Closable[] = [];
  const close = () => opened.forEach((each) => closeQuietly({ close: () => each.close() }));
  signal.addEventListener("abort", close);
  try {
    const connection = await open(connectionRequest, opened);
    signal.throwIfAborted();
    return await getOverHttp1(
      connection,
      formatGet(request, proxyOfRequest(connectionRequest)),
      request,
    );
  } finally {
    signal.removeEventListener("abort", close);
    close();
    // A relay takes a moment to close, and the second call waits for it.
    await Promise.allSettled(opened.map(async (each) => await each.close()));
  }
}

interface Closable {
  close(): void | Promise<void>;
}

/** Returns the proxy that gets the request itself; `undefined` if there is none or a tunnel. */
function proxyOfRequest({ proxy, request }: ConnectionRequest): ProxyUrl | undefined {
  const isPlain = request.url.protocol === "http:";
  return isPlain && proxy?.scheme.startsWith("http") ? proxy : undefined;
}

/** Returns a connection; everything that the caller must close is added to `opened`. */
async function open(
  connectionRequest: ConnectionRequest,
  opened: Closable[],
): Promise<Deno.Conn> {
  const { destination, serverName, proxy, clientCertificate } = connectionRequest;
  const { roots, request, signal } = connectionRequest;
  const keep = <T extends Closable>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const tls = { caCerts: [...roots], alpnProtocols: ["http/1.1"] };
  const httpProxy = proxyOfRequest(connectionRequest);
  if (httpProxy !== undefined) {
    const { hostname, port, scheme } = httpProxy;
    const plain = keep(await dial({ hostname, port }, undefined, roots, signal)) as Deno.TcpConn;
    return scheme === "https" ? keep(await Deno.startTls(plain, { hostname, ...tls })) : plain;
  }
  if (request.url.protocol === "http:") return keep(await dial(destination, proxy, roots, signal));
  if (clientCertificate !== undefined && !cannotPresent(connectionRequest)) {
    const { certificate: cert, key } = clientCertificate;
    return keep(await Deno.connectTls({ ...destination, ...tls, cert, key }));
  }
  // Deno can start TLS only over TCP. Over an https proxy's TLS, a relay in between provides TCP.
  const dialServer = () => dial(destination, proxy, roots, signal);
  const relay = proxy?.scheme === "https" ? openRelay(dialServer) : undefined;
  if (relay !== undefined) keep(relay);
  const plain = relay === undefined
    ? await dialServer()
    : await dial(destination, parseProxyUrl(relay.proxy), [], signal).catch((error) => {
      throw relay.failure() ?? error;
    });
  return keep(await Deno.startTls(keep(plain) as Deno.TcpConn, { hostname: serverName, ...tls }));
}

const READ_BYTES = 16 * 1024;

async function getOverHttp1(
  connection: Deno.Conn,
  text: string,
  { maxBytes }: GetRequest,
): Promise<HttpMessage> {
  const channel = connectionChannel(connection);
  await channel.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  const reader = httpReader(maxBytes);
  for (;;) {
    const part = await channel.read(READ_BYTES);
    const message = part === undefined ? reader.end() : reader.push(part);
    if (message.kind !== "incomplete" || part === undefined) return message;
  }
}
