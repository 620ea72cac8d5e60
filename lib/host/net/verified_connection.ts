/**
 * A GET over a connection that Deno verifies and whose answer is read by hand: for answers with
 * more headers than `fetch` reads.
 *
 * @module
 */
import { type HttpMessage, httpReader } from "../../api_server/http_message.ts";
import { parseProxyUrl, type ProxyUrl } from "../../connection/proxy_url.ts";
import { dial } from "./dial.ts";
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly, openRelay } from "./relay.ts";
import type { Destination } from "./tunnel.ts";
import { formatGet, type GetRequest } from "./get_request.ts";

export interface ConnectionRequest {
  readonly destination: Destination;
  /** In the handshake, and of the certificate. */
  readonly serverName: string;
  readonly proxy: ProxyUrl | undefined;
  readonly identity: { readonly certificate: string; readonly key: string } | undefined;
  /** PEM texts; nothing else is trusted. */
  readonly roots: readonly string[];
  readonly request: GetRequest;
  readonly signal: AbortSignal;
}

/**
 * Whether the server would not see the client certificate: Deno presents one only where it connects
 * by itself, and to the name that it verifies.
 */
export function cannotPresent(
  { destination, serverName, proxy, identity, request }: ConnectionRequest,
): boolean {
  const isDirect = proxy === undefined && serverName === destination.hostname;
  return request.url.protocol === "https:" && identity !== undefined && !isDirect;
}

/** Without the client certificate where that cannot be presented. */
export async function getOverConnection(question: ConnectionRequest): Promise<HttpMessage> {
  const { signal, request } = question;
  emptyDefaultStore();
  const opened: Closable[] = [];
  const close = () => opened.forEach((each) => closeQuietly({ close: () => each.close() }));
  signal.addEventListener("abort", close);
  try {
    const connection = await open(question, opened);
    signal.throwIfAborted();
    return await converse(connection, formatGet(request, proxyOfRequest(question)), request);
  } finally {
    signal.removeEventListener("abort", close);
    close();
    // A relay takes a moment, and closing it again waits for that.
    await Promise.allSettled(opened.map(async (each) => await each.close()));
  }
}

interface Closable {
  close(): void | Promise<void>;
}

/** The proxy that is sent the request itself, and not asked for a tunnel. */
function proxyOfRequest({ proxy, request }: ConnectionRequest): ProxyUrl | undefined {
  const isPlain = request.url.protocol === "http:";
  return isPlain && proxy?.scheme.startsWith("http") ? proxy : undefined;
}

/** Adds to `opened` what is to be closed. */
async function open(
  question: ConnectionRequest,
  opened: Closable[],
): Promise<Deno.Conn> {
  const { destination, serverName, proxy, identity, roots, request, signal } = question;
  const keep = <T extends Closable>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const tls = { caCerts: [...roots], alpnProtocols: ["http/1.1"] };
  const asked = proxyOfRequest(question);
  if (asked !== undefined) {
    const { hostname, port, scheme } = asked;
    const plain = keep(await dial({ hostname, port }, undefined, roots, signal)) as Deno.TcpConn;
    return scheme === "https" ? keep(await Deno.startTls(plain, { hostname, ...tls })) : plain;
  }
  if (request.url.protocol === "http:") return keep(await dial(destination, proxy, roots, signal));
  if (identity !== undefined && !cannotPresent(question)) {
    const { certificate: cert, key } = identity;
    return keep(await Deno.connectTls({ ...destination, ...tls, cert, key }));
  }
  // Deno puts TLS on connections of TCP alone: where the proxy speaks TLS, the relay makes one.
  const way = () => dial(destination, proxy, roots, signal);
  const relay = proxy?.scheme === "https" ? openRelay(way) : undefined;
  if (relay !== undefined) keep(relay);
  const plain = relay === undefined
    ? await way()
    : await dial(destination, parseProxyUrl(relay.proxy), [], signal).catch((error) => {
      throw relay.failure() ?? error;
    });
  return keep(await Deno.startTls(keep(plain) as Deno.TcpConn, { hostname: serverName, ...tls }));
}

async function converse(
  connection: Deno.Conn,
  text: string,
  { maxBytes }: GetRequest,
): Promise<HttpMessage> {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
  const reader = httpReader(maxBytes);
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const count = await connection.read(buffer);
    const message = count === null ? reader.end() : reader.push(buffer.subarray(0, count));
    if (message.kind !== "incomplete" || count === null) return message;
  }
}
