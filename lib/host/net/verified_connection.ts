/**
 * A GET over a connection that Deno verifies and whose answer is read by hand: for answers with
 * more headers than `fetch` reads.
 *
 * @module
 */
import { type HttpMessage, httpReader } from "../../api_server/http_message.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { dial } from "./dial.ts";
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly } from "./relay.ts";
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
 * Asks over a connection that Deno verifies, and reads the answer by hand. Returns `undefined`
 * where Deno makes no such connection: TLS within TLS, an http server behind an http proxy, and a
 * client certificate together with a proxy or another server name.
 */
export async function getOverConnection(
  { destination, serverName, proxy, identity, roots, request, signal }: ConnectionRequest,
): Promise<HttpMessage | undefined> {
  const isTls = request.url.protocol === "https:";
  const isDirect = proxy === undefined && serverName === destination.hostname;
  if (proxy?.scheme === "https" || (proxy?.scheme === "http" && !isTls)) return undefined;
  if (isTls && identity !== undefined && !isDirect) return undefined;

  emptyDefaultStore();
  const tls = { caCerts: [...roots], alpnProtocols: ["http/1.1"] };
  let connection: Deno.Conn | undefined;
  const close = () => closeQuietly({ close: () => connection?.close() });
  signal.addEventListener("abort", close);
  try {
    if (isTls && identity !== undefined) {
      const { certificate: cert, key } = identity;
      connection = await Deno.connectTls({ ...destination, ...tls, cert, key });
    } else {
      connection = await dial(destination, proxy, roots, signal);
      if (isTls) {
        const plain = connection as Deno.TcpConn;
        connection = await Deno.startTls(plain, { hostname: serverName, ...tls });
      }
    }
    signal.throwIfAborted();
    return await converse(connection, request);
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

async function converse(connection: Deno.Conn, request: GetRequest): Promise<HttpMessage> {
  const bytes = Uint8Array.from(formatGet(request), (character) => character.charCodeAt(0));
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
  const reader = httpReader(request.maxBytes);
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const count = await connection.read(buffer);
    const message = count === null ? reader.end() : reader.push(buffer.subarray(0, count));
    if (message.kind !== "incomplete" || count === null) return message;
  }
}
