/**
 * Sockets of `node:net` as promises and as channels.
 *
 * @module
 */
import type { Socket } from "node:net";
import { hostToDial } from "../../connection/ip_address.ts";
import type { Channel, Destination } from "./tunnel.ts";

/** Returns a connected socket. It is added to `sockets` before it is connected. */
export async function connect({ hostname, port }: Destination, sockets: Socket[]): Promise<Socket> {
  const net = await import("node:net");
  const socket = net.connect({ host: hostToDial(hostname), port, noDelay: true });
  sockets.push(socket);
  await event(socket, "connect");
  return socket;
}

/** Resolves when the event comes; rejects if the socket ends before. */
export function event(socket: Socket, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error("the connection was closed"));
    socket.once("error", reject);
    socket.once("close", ended);
    socket.once(name, () => {
      socket.off("error", reject);
      socket.off("close", ended);
      // An error without a listener would end the process.
      socket.on("error", () => {});
      resolve();
    });
  });
}

/** Resolves when the socket is closed. */
export function destroy(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once("close", () => resolve());
    socket.on("error", () => {});
    socket.destroy();
  });
}

/** Returns a channel that reads no more than asked for: what follows belongs to TLS. */
export function socketChannel(socket: Socket): Channel {
  return {
    async read(max) {
      for (;;) {
        // `read(n)` returns null while there are fewer than n bytes.
        const bytes = socket.read(Math.min(max, socket.readableLength || 1)) as Uint8Array | null;
        if (bytes !== null) return bytes;
        if (socket.readableEnded || socket.destroyed) return undefined;
        await new Promise<void>((resolve, reject) => {
          const settle = () => {
            socket.off("readable", settle).off("end", settle).off("close", settle);
            socket.off("error", reject);
            resolve();
          };
          socket.once("readable", settle).once("end", settle).once("close", settle);
          socket.once("error", reject);
        });
      }
    },
    write(bytes) {
      return new Promise((resolve, reject) =>
        socket.write(bytes, (error) => error ? reject(error) : resolve())
      );
    },
  };
}
