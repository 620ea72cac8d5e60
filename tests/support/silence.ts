/**
 * Servers on loopback that never say anything.
 *
 * @module
 */
import { createSocket } from "node:dgram";

export interface SilentServer extends AsyncDisposable {
  readonly url: string;
  /** The number of connections so far. */
  connections(): number;
}

/** Accepts connections, and never answers. */
export function startSilentServer(): SilentServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const running = (async () => {
    for await (const connection of listener) connections.push(connection);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    connections: () => connections.length,
    async [Symbol.asyncDispose]() {
      listener.close();
      await running;
      for (const connection of connections) connection.close();
    },
  };
}

/** A name server that takes questions, and never answers. It needs root. */
export async function startSilentNameServer(): Promise<Disposable & { readonly address: string }> {
  // Other addresses may be a real name server's.
  const address = "127.83.53.1";
  const socket = createSocket("udp4");
  await new Promise<void>((bound) => socket.bind(53, address, bound));
  return { address, [Symbol.dispose]: () => void socket.close() };
}
