/**
 * Asks a proxy for a connection to a server, over a channel to the proxy: by HTTP CONNECT (RFC
 * 9110, 9.3.6) or SOCKS5 (RFC 1928, 1929), as Go's `net/http` does. `fetch` does the same by
 * itself; this is for connections that `fetch` cannot make.
 *
 * @module
 */
import { hostInUrl, parseIpAddress } from "../../connection/ip_address.ts";
import type { ProxyUrl } from "../../connection/proxy_url.ts";
import { basicAuthorization, type Userinfo } from "../../encoding/userinfo.ts";

/** A byte stream over any transport. */
export interface Channel {
  /** Returns from one to `max` bytes; `undefined` at the end. */
  read(max: number): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
}

export interface Destination {
  /** A name or an address; an IPv6 address has no brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** A proxy does not give the connection. The message holds no secret. */
export class ProxyRefusal extends Error {
  override readonly name = "ProxyRefusal";
}

/** Asks the proxy; afterwards the channel leads to the destination. @throws {ProxyRefusal} */
export async function openTunnel(
  channel: Channel,
  { scheme, userinfo }: ProxyUrl,
  destination: Destination,
): Promise<void> {
  switch (scheme) {
    case "http":
    case "https":
      return await askConnect(channel, destination, userinfo);
    case "socks5":
    case "socks5h":
      return await askSocks5(channel, destination, userinfo);
  }
}

function formatAuthority({ hostname, port }: Destination): string {
  return `${hostInUrl(hostname)}:${port}`;
}

const MAX_ANSWER_BYTES = 64 * 1024;

async function askConnect(
  channel: Channel,
  destination: Destination,
  userinfo: Userinfo | undefined,
): Promise<void> {
  const authority = formatAuthority(destination);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (userinfo !== undefined) {
    lines.push(`Proxy-Authorization: ${basicAuthorization(userinfo)}`);
  }
  await channel.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));

  // One byte is read at a time, because what follows the empty line belongs to the server.
  let answer = "";
  while (!answer.endsWith("\r\n\r\n")) {
    const byte = await channel.read(1);
    if (byte === undefined || answer.length >= MAX_ANSWER_BYTES) {
      throw new ProxyRefusal("the proxy gave no proper answer");
    }
    answer += String.fromCharCode(...byte);
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  if (status === "407") throw new ProxyRefusal("the proxy wants credentials (407)");
  if (status !== "200") throw new ProxyRefusal(`the proxy answered ${status ?? "no status"}`);
}

async function askSocks5(
  channel: Channel,
  { hostname, port }: Destination,
  userinfo: Userinfo | undefined,
): Promise<void> {
  const methods = userinfo === undefined ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, BY_PASSWORD];
  await channel.write(new Uint8Array([5, methods.length, ...methods]));
  const [, method] = await readExactly(channel, 2);
  if (method === BY_PASSWORD && userinfo !== undefined) {
    const name = counted(userinfo.username);
    const password = counted(userinfo.password);
    await channel.write(new Uint8Array([1, ...name, ...password]));
    const [, status] = await readExactly(channel, 2);
    if (status !== 0) throw new ProxyRefusal("the proxy refused the credentials");
  } else if (method !== NO_AUTHENTICATION) {
    throw new ProxyRefusal("the proxy wants credentials");
  }

  // A name is sent as a name (type 3): the proxy resolves it, as for Go.
  const address = encodeAddress(hostname) ?? [3, ...counted(hostname)];
  await channel.write(new Uint8Array([5, 1, 0, ...address, port >> 8, port & 0xff]));
  const [, reply, , type] = await readExactly(channel, 4);
  if (reply !== 0) throw new ProxyRefusal(`the proxy could not connect (SOCKS reply ${reply})`);
  const length = type === 1 ? 4 : type === 4 ? 16 : (await readExactly(channel, 1))[0]!;
  await readExactly(channel, length + 2);
}

const NO_AUTHENTICATION = 0;
const BY_PASSWORD = 2;

/** Returns an address of type 1 (IPv4) or 4 (IPv6); `undefined` for a name. */
function encodeAddress(hostname: string): readonly number[] | undefined {
  const bytes = parseIpAddress(hostname);
  if (bytes === undefined) return undefined;
  return hostname.includes(":") ? [4, ...bytes] : [1, ...bytes.slice(12)];
}

/** Returns the length and the bytes. @throws {ProxyRefusal} the text is too long for SOCKS */
function counted(text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 255) throw new ProxyRefusal("a name or password is too long for SOCKS");
  return [bytes.length, ...bytes];
}

/** Returns `count` bytes. @throws {ProxyRefusal} the channel ends before */
export async function readExactly(channel: Channel, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let filled = 0; filled < count;) {
    const part = await channel.read(count - filled);
    if (part === undefined) throw new ProxyRefusal("the proxy closed the connection");
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
