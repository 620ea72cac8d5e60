/**
 * A TCP connection to a server, through the proxy if there is one, for the relay.
 *
 * @module
 */
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly, connectionChannel } from "./relay.ts";
import { type Destination, openTunnel, proxyDestination } from "./tunnel.ts";

/** `roots`: PEM texts, for a proxy that is spoken to over TLS. To be closed by the caller. */
export async function dial(
  destination: Destination,
  proxy: string | undefined,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<Deno.Conn> {
  if (proxy === undefined) return await connect(destination, signal);
  const url = new URL(proxy);
  const under = await connect(proxyDestination(url), signal);
  let connection: Deno.Conn = under;
  // Over TLS the one has become the other, and closing it again is no matter.
  const close = () => [connection, under].forEach(closeQuietly);
  // A read knows no signal, and a proxy may never answer.
  signal.addEventListener("abort", close);
  try {
    if (url.protocol === "https:") {
      emptyDefaultStore();
      const { hostname } = proxyDestination(url);
      connection = await Deno.startTls(under, { hostname, caCerts: [...roots] });
    }
    await openTunnel(connectionChannel(connection), url, destination);
    return connection;
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

async function connect(destination: Destination, signal: AbortSignal): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ ...destination, signal });
  connection.setNoDelay(true);
  return connection;
}
