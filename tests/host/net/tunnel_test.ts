import { assertEquals, assertRejects } from "@std/assert";
import { parseProxyUrl } from "../../../lib/connection/proxy_url.ts";
import { type Channel, openTunnel, ProxyRefusal } from "../../../lib/host/net/tunnel.ts";

const PROXY = parseProxyUrl("http://proxy.test:3128")!;
const DESTINATION = { hostname: "api.test", port: 6443 };

/** A channel from which these bytes come; the bytes that were not read remain in it. */
function channelOf(text: string): Channel & { rest(): string } {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return {
    read: (max) => {
      const part = bytes.subarray(at, at + max);
      at += part.length;
      return Promise.resolve(part.length === 0 ? undefined : part);
    },
    write: () => Promise.resolve(),
    rest: () => text.slice(at),
  };
}

/** A proxy's consent, with this many bytes, and a server's first bytes. */
function consent(length: number): string {
  const [start, end] = ["HTTP/1.1 200 OK\r\nX: ", "\r\n\r\n"];
  return `${start}${"x".repeat(length - start.length - end.length)}${end}hello`;
}

Deno.test("openTunnel() reads an answer of 64 KiB, and leaves what follows to the server", async () => {
  const channel = channelOf(consent(64 * 1024));
  await openTunnel(channel, PROXY, DESTINATION);
  assertEquals(channel.rest(), "hello");
});

Deno.test("openTunnel() gives up a longer answer", async () => {
  const channel = channelOf(consent(64 * 1024 + 1));
  await assertRejects(
    () => openTunnel(channel, PROXY, DESTINATION),
    ProxyRefusal,
    "the proxy gave no proper answer",
  );
});
