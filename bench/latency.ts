/**
 * A relay that simulates a distant server in front of a port on loopback. It delays the bytes of
 * either side by half a round trip, and the first byte of a connection by another round trip, which
 * opening a connection takes.
 *
 * @module
 */

export interface Relay extends AsyncDisposable {
  readonly port: number;
}

export function startRelay(port: number, roundTripMs: number): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const near of listener) {
      const served = serve(near, port, roundTripMs).finally(() => open.delete(served));
      open.add(served);
    }
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(open);
    },
  };
}

async function serve(near: Deno.TcpConn, port: number, roundTripMs: number): Promise<void> {
  const far = await Deno.connect({ hostname: "127.0.0.1", port });
  near.setNoDelay(true);
  far.setNoDelay(true);
  const half = roundTripMs / 2;
  try {
    await Promise.all([pass(near, far, roundTripMs + half, half), pass(far, near, half, half)]);
  } finally {
    near.close();
    far.close();
  }
}

/**
 * Passes on bytes after a delay. Every piece has the same delay, so the bandwidth is not limited.
 */
async function pass(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  firstMs: number,
  thenMs: number,
): Promise<void> {
  let delayMs = firstMs;
  let sent = Promise.resolve();
  const later = (send: () => Promise<unknown>) => {
    const due = delay(delayMs);
    delayMs = thenMs;
    sent = Promise.all([sent, due]).then(send).then(() => {}, () => {});
  };
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const length = await from.read(buffer).catch(() => null);
    if (length === null) break;
    const bytes = buffer.slice(0, length);
    later(() => writeAll(to, bytes));
  }
  later(() => to.closeWrite());
  await sent;
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
