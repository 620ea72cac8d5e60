/**
 * An API server that speaks HTTP/1.0 over TLS. It ends an answer by closing the connection, without
 * TLS' closing message.
 *
 * @module
 */
import { createServer, type TLSSocket } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
import type { ApiServer, SeenRequest } from "./api_server.ts";
import type { Identity } from "./certificates.ts";

export interface OldServerOptions {
  readonly tls: Identity;
  readonly clientCa: string;
  readonly answer: (request: SeenRequest) => { readonly status: number; readonly body: string };
}

export async function startOldServer(
  { tls, clientCa, answer }: OldServerOptions,
): Promise<ApiServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({
    cert: tls.certificate,
    key: tls.key,
    ca: clientCa,
    requestCert: true,
    rejectUnauthorized: false,
  }, (socket) => {
    let head = "";
    socket.on("error", () => {});
    socket.on("data", (part: Uint8Array) => {
      head += new TextDecoder("latin1").decode(part);
      if (!head.includes("\r\n\r\n")) return;
      const seen = parse(head, socket);
      requests.push(seen);
      const { status, body } = answer(seen);
      socket.write(`HTTP/1.0 ${status} So\r\ncontent-type: application/json\r\n\r\n${body}`, () => {
        setTimeout(() => socket.destroy(), 20);
      });
    });
  });
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function parse(head: string, socket: TLSSocket & { servername?: string | false }): SeenRequest {
  const [line = "", ...lines] = head.split("\r\n\r\n")[0]!.split("\r\n");
  const [method = "", path = ""] = line.split(" ");
  const headers = Object.fromEntries(
    lines.map((text) => [text.split(":")[0]!.toLowerCase(), text.replace(/^[^:]*: ?/, "")]),
  );
  const { host, authorization } = headers;
  const clientCertificate = socket.getPeerCertificate()?.subject?.CN as string | undefined;
  const sni = socket.servername || undefined;
  return { method, path, host, authorization, headers, sni, clientCertificate };
}
