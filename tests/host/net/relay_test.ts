import { assertEquals } from "@std/assert";
import { connectionChannel, openRelay } from "../../../lib/host/net/relay.ts";
import { parseProxyUrl } from "../../../lib/connection/proxy_url.ts";
import { openTunnel } from "../../../lib/host/net/tunnel.ts";

const DESTINATION = { hostname: "server.example", port: 6443 };

/** Returns what a local user gets who has found the port. */
async function enter(proxy: URL): Promise<string> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(proxy.port) });
    const channel = connectionChannel(connection);
    await openTunnel(channel, parseProxyUrl(proxy.href)!, DESTINATION);
    await channel.write(new TextEncoder().encode("ping"));
    return new TextDecoder().decode(await channel.read(100));
  } catch {
    return "refused";
  }
}

function without(proxy: URL): URL {
  const bare = new URL(proxy);
  bare.username = "";
  bare.password = "";
  return bare;
}

function withPassword(proxy: URL, password: string): URL {
  const other = new URL(proxy);
  other.password = password;
  return other;
}

Deno.test("openRelay() leads only a client that knows the password, and only once", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const echoed = (async () => {
    using connection = await server.accept();
    const buffer = new Uint8Array(100);
    const count = await connection.read(buffer);
    await connection.write(buffer.subarray(0, count ?? 0));
  })();
  let dialled = 0;
  const relay = openRelay(() => {
    dialled++;
    return Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  });
  const proxy = new URL(relay.proxy);
  try {
    assertEquals(await enter(without(proxy)), "refused");
    assertEquals(await enter(withPassword(proxy, "guessed")), "refused");
    assertEquals(dialled, 0);
    assertEquals(await enter(proxy), "ping");
    assertEquals(await enter(proxy), "refused");
    assertEquals(dialled, 1);
  } finally {
    await relay.close();
    await echoed;
  }
});

Deno.test("openRelay() keeps the reason why the server cannot be reached", async () => {
  const reason = new Error("no route");
  const relay = openRelay(() => Promise.reject(reason));
  try {
    assertEquals(await enter(new URL(relay.proxy)), "refused");
    assertEquals(relay.failure(), reason);
  } finally {
    await relay.close();
  }
});
