/**
 * Connects to a server by TCP, through the proxy if there is one.
 *
 * @module
 */
import { emptyDefaultStore } from "./http_client.ts";
import { closeQuietly, connectionChannel } from "./relay.ts";
import { hostToDial } from "../../connection/ip_address.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { type Destination, openTunnel } from "./tunnel.ts";

/**
 * Returns a connection that leads to `destination`; the caller closes it. `roots`: the PEM texts
 * that an https proxy is verified with.
 *
 * @throws {ProxyRefusal} and what `Deno.connect` and `Deno.startTls` throw
 */
export async function dial(
  destination: Destination,
  proxy: ProxyUrl | undefined,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<Deno.Conn> {
  if (proxy === undefined) return await connect(destination, signal);
  const under = await connect(proxy, signal);
  let connection: Deno.Conn = under;
  // After `startTls`, `under` is closed already.
  const close = () => [connection, under].forEach(closeQuietly);
  // A read takes no signal, and a proxy may never answer.
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
  const connection = await Deno.connect({ hostname: hostToDial(hostname), port, signal });
  connection.setNoDelay(true);
  return connection;
}
