/**
 * A SOCKS5 proxy inside this process for one connection. It connects to the server that its caller
 * names, not to the one that `fetch` asks for. So the URL can have the TLS server name as its host,
 * and ports that `fetch` refuses can be reached. SNI, verification and client certificates stay
 * between `fetch` and the server.
 *
 * It listens on loopback, where any local user can connect, so it asks for a random password.
 *
 * @module
 */
import { type Channel, readExactly } from "./tunnel.ts";

export interface Relay {
  /** The relay's URL, with the password, as `openHttpClient` takes it. */
  readonly proxy: string;
  /** Returns what `dial` threw, if it did. */
  failure(): unknown;
  /** Closes every connection, and waits until they are closed. */
  close(): Promise<void>;
}

/**
 * `dial` connects to the server, through a proxy if there is one. It is called once, for the first
 * client with the right password.
 */
export function openRelay(dial: () => Promise<Deno.Conn>): Relay {
  const password = crypto.randomUUID();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  let taken = false;
  let failure: unknown;

  async function serve(client: Deno.TcpConn): Promise<void> {
    connections.add(client);
    try {
      client.setNoDelay(true);
      const channel = connectionChannel(client);
      if (!await authenticate(channel, password) || taken) return;
      taken = true;
      listener.close();
      await readRequest(channel);
      let server: Deno.Conn;
      try {
        server = await dial();
      } catch (error) {
        failure = error;
        await channel.write(HOST_UNREACHABLE);
        return;
      }
      connections.add(server);
      await channel.write(SUCCESS);
      await Promise.allSettled([
        client.readable.pipeTo(server.writable),
        server.readable.pipeTo(client.writable),
      ]);
    } catch {
      // One side has closed its connection, and `fetch` reports it.
    } finally {
      closeQuietly(client);
    }
  }

  const served = (async () => {
    const running: Promise<void>[] = [];
    try {
      for await (const client of listener) running.push(serve(client));
    } catch {
      // Closed.
    }
    await Promise.all(running);
  })();

  return {
    proxy: `socks5h://${USER}:${password}@127.0.0.1:${listener.addr.port}`,
    failure: () => failure,
    async close() {
      closeQuietly(listener);
      for (const connection of connections) closeQuietly(connection);
      await served;
      for (const connection of connections) closeQuietly(connection);
    },
  };
}

export function connectionChannel(connection: Deno.Conn): Channel {
  return {
    async read(max) {
      const buffer = new Uint8Array(max);
      const count = await connection.read(buffer);
      return count === null ? undefined : buffer.subarray(0, count);
    },
    async write(bytes) {
      for (let written = 0; written < bytes.length;) {
        written += await connection.write(bytes.subarray(written));
      }
    },
  };
}

const USER = "kuberlr";
const BY_PASSWORD = 2;
const SUCCESS = new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const HOST_UNREACHABLE = new Uint8Array([5, 4, 0, 1, 0, 0, 0, 0, 0, 0]);

async function authenticate(channel: Channel, password: string): Promise<boolean> {
  const [version, count = 0] = await readExactly(channel, 2);
  const methods = await readExactly(channel, count);
  if (version !== 5 || !methods.includes(BY_PASSWORD)) return false;
  await channel.write(new Uint8Array([5, BY_PASSWORD]));
  const [, nameLength = 0] = await readExactly(channel, 2);
  const name = await readExactly(channel, nameLength);
  const [passwordLength = 0] = await readExactly(channel, 1);
  const given = await readExactly(channel, passwordLength);
  const known = decode(name) === USER && decode(given) === password;
  await channel.write(new Uint8Array([1, known ? 0 : 1]));
  return known;
}

/** Reads version, command, reserved byte, address and port, and ignores them. */
async function readRequest(channel: Channel): Promise<void> {
  const [, , , type] = await readExactly(channel, 4);
  const length = type === 1 ? 4 : type === 4 ? 16 : (await readExactly(channel, 1))[0]!;
  await readExactly(channel, length + 2);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Closes a resource that may be closed already. */
export function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // Closed already.
  }
}
