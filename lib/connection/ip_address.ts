/**
 * Parses IP addresses as Go's `net.ParseIP` and `net.ParseCIDR` do: four decimal numbers without
 * leading zeros, or IPv6 in any spelling, without brackets and zone.
 *
 * @module
 */

/**
 * Returns 16 bytes, for IPv4 those of `::ffff:a.b.c.d`; `undefined` for a text that is not an
 * address.
 */
export function parseIpAddress(text: string): readonly number[] | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/**
 * Returns true for a name that is not sent in a TLS handshake: an address, or a text with a colon,
 * for example an address with a zone.
 */
export function isAddress(name: string): boolean {
  return name.includes(":") || parseIpAddress(name) !== undefined;
}

/** Returns the host as URLs spell it: an IPv6 address is in brackets. */
export function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

export interface Network {
  readonly address: readonly number[];
  /** The bits that count, of 128. */
  readonly prefixBits: number;
}

/** Parses `10.0.0.0/8`. Returns `undefined` for a text that is not a network. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bits] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = parseIpAddress(address);
  if (parsed === undefined) return undefined;
  const ipv4 = !address.includes(":");
  if (Number(bits) > (ipv4 ? 32 : 128)) return undefined;
  return { address: parsed, prefixBits: Number(bits) + (ipv4 ? 96 : 0) };
}

/** Returns true if the network holds the address, in the 16 bytes of {@linkcode parseIpAddress}. */
export function isInNetwork({ address, prefixBits }: Network, other: readonly number[]) {
  return address.every((byte, index) => {
    const bits = Math.min(Math.max(prefixBits - index * 8, 0), 8);
    const mask = 0xff & (0xff << (8 - bits));
    return (byte & mask) === ((other[index] ?? 0) & mask);
  });
}

export function isLoopback(address: readonly number[]): boolean {
  return LOOPBACKS.some((network) => isInNetwork(network, address));
}

const LOOPBACKS: readonly Network[] = [
  { address: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 0], prefixBits: 104 },
  { address: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], prefixBits: 128 },
];

/**
 * Returns the name or address that a server's certificate must have. As in Go
 * (`x509.Certificate.VerifyHostname`), an address may be in brackets, and `::ffff:a.b.c.d` is IPv4.
 */
export function certificateName(name: string): string {
  const bare = /^\[(.+)\]$/.exec(name)?.[1] ?? name;
  return parseIpAddress(bare) === undefined ? name : hostToDial(bare);
}

/**
 * Returns the host to connect to. As in Go, `::ffff:a.b.c.d` is dialled as IPv4: on Windows, a
 * socket for IPv6 does not reach it.
 */
export function hostToDial(host: string): string {
  const address = parseIpAddress(host);
  if (address === undefined || !isInNetwork(IPV4, address)) return host;
  return address.slice(12).join(".");
}

const IPV4: Network = { address: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], prefixBits: 96 };

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) {
    return undefined;
  }
  const bytes = parts.map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...bytes];
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => readGroups(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array<number>(missing).fill(0), ...tail ?? []];
}

/** Returns the bytes of groups (`fe80:1`), at the end of an address also of `ffff:1.2.3.4`. */
function readGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const ipv4 = atEnd && index === groups.length - 1 ? parseIpv4(group)?.slice(12) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}
