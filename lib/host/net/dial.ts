/**
 * A TCP connection to a server, through the proxy if there is one, for the relay.
 *
 * @module
 */
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly, connectionChannel } from "./relay.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { type Destination, openTunnel } from "./tunnel.ts";

/** `roots`: PEM texts, for a proxy that is spoken to over TLS. To be closed by the caller. */
export async function dial(
  destination: Destination,
  proxy: ProxyUrl | undefined,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<Deno.Conn> {
  if (proxy === undefined) return await connect(destination, signal);
  const under = await connect(proxy, signal);
  let connection: Deno.Conn = under;
  // Over TLS the one has become the other, and closing it again is no matter.
  const close = () => [connection, under].forEach(closeQuietly);
  // A read knows no signal, and a proxy may never answer.
  signal.addEventListener("abort", close);
  try {
    if (proxy.scheme === "https") {
      emptyDefaultStore();
      const { hostname } = proxy;
      connection = await Deno.startTls(under, { hostname, caCerts: [...roots] });
    }
    await openTunnel(connectionChannel(connection), proxy, destination);
    return connection;
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

async function connect(
  { hostname, port }: Destination,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname, port, signal });
  connection.setNoDelay(true);
  return connection;
}
