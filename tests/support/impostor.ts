/**
 * An attacker who shows a certificate without having its key: a TLS 1.2 server with its own
 * certificate, behind a relay that replaces this certificate by the other. TLS 1.2 sends
 * certificates unencrypted.
 *
 * @module
 */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "./certificates.ts";

export interface Impostor extends AsyncDisposable {
  readonly port: number;
  /** The number of handshakes in which the certificate was replaced. */
  readonly replaced: number;
  /** The requests that the server got. */
  readonly requests: string[];
}

/**
 * `shown` and the server's own certificate must have the same length: see {@linkcode ofOneLength}.
 */
export async function startImpostor(shown: Identity, own: Identity): Promise<Impostor> {
  const requests: string[] = [];
  const server = createServer(
    { cert: own.certificate, key: own.key, maxVersion: "TLSv1.2" },
    (request, response) => {
      requests.push(request.url ?? "");
      response.end(`{"gitVersion":"v1.30.2"}`);
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [before, after] = [derOf(own), derOf(shown)];
  let replaced = 0;
  const connections: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const client of listener) {
      const upstream = await Deno.connect({ port: (server.address() as AddressInfo).port });
      connections.push(client, upstream);
      const replace = new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, controller) {
          const at = indexOf(bytes, before);
          if (at !== -1) {
            bytes.set(after, at);
            replaced++;
          }
          controller.enqueue(bytes);
        },
      });
      void Promise.allSettled([
        client.readable.pipeTo(upstream.writable),
        upstream.readable.pipeThrough(replace).pipeTo(client.writable),
      ]);
    }
  })().catch(() => {});
  return {
    port: listener.addr.port,
    requests,
    get replaced() {
      return replaced;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // It is already closed.
        }
      }
      await serving;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Makes certificates until one has the length of the other: the length of ECDSA signatures varies.
 */
export async function ofOneLength(
  { length }: Uint8Array,
  make: () => Promise<Identity>,
): Promise<Identity> {
  for (;;) {
    const identity = await make();
    if (derOf(identity).length === length) return identity;
  }
}

/** Returns the length of the first certificate. */
export function derOf({ certificate }: Pick<Identity, "certificate">): Uint8Array {
  const [, base64 = ""] = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(certificate) ?? [];
  return Uint8Array.fromBase64(base64);
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = bytes.indexOf(part[0]!); at !== -1; at = bytes.indexOf(part[0]!, at + 1)) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
