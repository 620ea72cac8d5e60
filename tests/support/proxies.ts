/**
 * Proxies on loopback that record their requests: HTTP (CONNECT and absolute-form), the same over
 * TLS, and SOCKS5.
 *
 * @module
 */
import type { Identity } from "./certificates.ts";

export interface ProxyOptions {
  /** The `user:password` that is required of every client. */
  readonly credentials?: string;
  /** Speaks TLS to its clients. */
  readonly tls?: Identity;
  /** The status of the answer to every request. */
  readonly refuse?: number;
  /** Replaces `host:port`, for names that only the proxy knows; `host:port` itself if absent. */
  readonly route?: (target: string) => string;
}

export interface SeenProxyRequest {
  /** `CONNECT`, `GET`, … or `SOCKS5`. */
  readonly method: string;
  /** `host:port`, or the whole URL of an absolute-form request. */
  readonly target: string;
  /** `user:password`, or undefined if none was given. */
  readonly credentials: string | undefined;
  /**
   * The part meant for the server that the proxy could read: the header of an absolute-form
   * request.
   */
  readonly authorization: string | undefined;
}

export interface LoopbackProxy extends AsyncDisposable {
  /** `http://127.0.0.1:3128`, without credentials. */
  readonly url: string;
  /** The same URL with a user and a password. */
  urlWith(credentials: string): string;
  readonly requests: SeenProxyRequest[];
}

export function startHttpProxy(options: ProxyOptions = {}): LoopbackProxy {
  return startProxy(options.tls === undefined ? "http" : "https", options, serveHttp);
}

export function startSocksProxy(options: ProxyOptions = {}): LoopbackProxy {
  return startProxy("socks5", options, serveSocks);
}

type Serve = (
  client: Deno.Conn,
  options: ProxyOptions,
  requests: SeenProxyRequest[],
  opened: (connection: Deno.Conn) => void,
) => Promise<void>;

function startProxy(scheme: string, options: ProxyOptions, serve: Serve): LoopbackProxy {
  const address = { hostname: "127.0.0.1", port: 0 };
  const listener = options.tls === undefined
    ? Deno.listen(address)
    : Deno.listenTls({ ...address, cert: options.tls.certificate, key: options.tls.key });
  const port = (listener.addr as Deno.NetAddr).port;
  const requests: SeenProxyRequest[] = [];
  const connections = new Set<Deno.Conn>();
  const running = (async () => {
    const served: Promise<void>[] = [];
    try {
      for await (const client of listener) {
        connections.add(client);
        served.push(
          serve(client, options, requests, (connection) => connections.add(connection))
            .catch(() => {})
            .finally(() => close(client)),
        );
      }
    } catch {
      // It is closed.
    }
    await Promise.all(served);
  })();
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    urlWith: (credentials) => `${scheme}://${credentials}@127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      close(listener);
      for (const connection of connections) close(connection);
      await running;
      for (const connection of connections) close(connection);
    },
  };
}

const serveHttp: Serve = async (client, options, requests, opened) => {
  const head = await readHead(client);
  const [line = "", ...headers] = head.split("\r\n");
  const [method = "", target = ""] = line.split(" ");
  const encoded = headers.find((header) => /^proxy-authorization: basic /i.test(header));
  const credentials = encoded === undefined ? undefined : atob(encoded.split(" ").at(-1)!);
  const authorization = headers.find((header) => /^authorization:/i.test(header));
  requests.push({ method, target, credentials, authorization });

  const wanted = options.credentials;
  if (wanted !== undefined && wanted !== credentials) {
    return await say(client, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  }
  if (options.refuse !== undefined) {
    return await say(client, `HTTP/1.1 ${options.refuse} Refused\r\ncontent-length: 0\r\n\r\n`);
  }
  if (method === "CONNECT") {
    const server = await connect(target, options);
    opened(server);
    await say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
    return await pipe(client, server);
  }
  const url = new URL(target);
  const server = await connect(`${url.hostname}:${url.port || 80}`, options);
  opened(server);
  const kept = headers.filter((header) => !/^(?:proxy-|connection:)/i.test(header));
  const request = [`${method} ${url.pathname}${url.search} HTTP/1.1`, "connection: close", ...kept];
  await say(server, request.join("\r\n"));
  await pipe(client, server);
};

const serveSocks: Serve = async (client, options, requests, opened) => {
  const [, count = 0] = await take(client, 2);
  const methods = await take(client, count);
  let credentials: string | undefined;
  if (options.credentials === undefined) {
    await write(client, new Uint8Array([5, 0]));
  } else {
    if (!methods.includes(2)) return await write(client, new Uint8Array([5, 0xff]));
    await write(client, new Uint8Array([5, 2]));
    await take(client, 1);
    const user = decode(await take(client, (await take(client, 1))[0]!));
    const password = decode(await take(client, (await take(client, 1))[0]!));
    credentials = `${user}:${password}`;
    const fits = credentials === options.credentials;
    await write(client, new Uint8Array([1, fits ? 0 : 1]));
    if (!fits) {
      requests.push({ method: "SOCKS5", target: "", credentials, authorization: undefined });
      return;
    }
  }
  const [, , , type] = await take(client, 4);
  const host = type === 3
    ? decode(await take(client, (await take(client, 1))[0]!))
    : type === 1
    ? (await take(client, 4)).join(".")
    : formatIpv6(await take(client, 16));
  const [high = 0, low = 0] = await take(client, 2);
  const target = `${host}:${high * 256 + low}`;
  requests.push({ method: "SOCKS5", target, credentials, authorization: undefined });
  if (options.refuse !== undefined) {
    return await write(client, new Uint8Array([5, options.refuse, 0, 1, 0, 0, 0, 0, 0, 0]));
  }
  const server = await connect(target, options);
  opened(server);
  await write(client, new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  await pipe(client, server);
};

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => bytes[2 * index]! * 256 + bytes[2 * index + 1]!,
  );
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname;
}

async function connect(
  target: string,
  { route = (target) => target }: ProxyOptions,
): Promise<Deno.Conn> {
  const [, hostname = "", port] = /^\[?(.*?)\]?:(\d+)$/.exec(route(target)) ?? [];
  return await Deno.connect({ hostname, port: Number(port) });
}

async function pipe(client: Deno.Conn, server: Deno.Conn): Promise<void> {
  await Promise.allSettled([
    client.readable.pipeTo(server.writable),
    server.readable.pipeTo(client.writable),
  ]);
}

/** Reads byte by byte up to the empty line, so that nothing behind it is consumed. */
async function readHead(client: Deno.Conn): Promise<string> {
  let head = "";
  while (!head.endsWith("\r\n\r\n")) head += decode(await take(client, 1));
  return head;
}

async function take(client: Deno.Conn, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let filled = 0; filled < count;) {
    const read = await client.read(bytes.subarray(filled));
    if (read === null) throw new Error("ended");
    filled += read;
  }
  return bytes;
}

async function say(connection: Deno.Conn, text: string): Promise<void> {
  await write(connection, new TextEncoder().encode(text));
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function close(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // It is already closed.
  }
}
