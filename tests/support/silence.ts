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
  // Any address of the loopback will do: at another one, another run or a real server listens.
  const address = `127.${crypto.getRandomValues(new Uint8Array(3)).join(".")}`;
  const socket = createSocket("udp4");
  await new Promise<void>((bound, failed) => {
    socket.on("error", failed);
    socket.bind(53, address, bound);
  });
  return { address, [Symbol.dispose]: () => void socket.close() };
}
