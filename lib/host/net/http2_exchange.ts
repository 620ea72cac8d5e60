/**
 * One GET over HTTP/2 on a TLS connection that `node:tls` has made, for servers that speak nothing
 * else.
 *
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { HttpMessage } from "../../api_server/http_message.ts";
import { growingBytes } from "../../encoding/bytes.ts";
import type { GetRequest } from "./get_request.ts";

/** `false`: without a TLS server name. Deno makes a URL of the name, and fails for an empty one. */
type NamedSocket = TLSSocket & { servername?: string | false };

/** Node takes 128 unless it is told otherwise, and not many more than these; Go counts bytes. */
const MOST_HEADERS = 2_048;

/** The caller closes the socket. Throws what the session throws, with its code. */
export async function getOverHttp2(
  socket: TLSSocket,
  { url, headers, maxBytes }: GetRequest,
): Promise<HttpMessage> {
  const { connect } = await import("node:http2");
  const named: NamedSocket = socket;
  if (!named.servername) named.servername = false;
  const session = connect(
    url.origin,
    {
      createConnection: () => socket,
      maxHeaderListPairs: MOST_HEADERS,
    } as Parameters<typeof connect>[1],
  );
  const { promise, resolve, reject } = Promise.withResolvers<HttpMessage>();
  session.on("error", reject);
  session.on("close", () => reject(new Error("the connection was closed")));
  try {
    // As `fetch` checks and normalizes them.
    const checked = Object.fromEntries(new Headers(headers));
    const stream = session.request({
      ...checked,
      ":method": "GET",
      ":authority": url.host,
      ":path": `${url.pathname}${url.search}`,
    });
    const body = growingBytes(maxBytes);
    stream.on("response", (fields) => {
      const status = Number(fields[":status"]);
      const settle = () =>
        resolve({ kind: "complete", status, headers: textsOf(fields), body: body.bytes() });
      // Not before: Deno hands out the body of a long answer sooner than its headers.
      stream.on("data", (part: Uint8Array) => {
        if (!body.append(part)) settle();
      });
      stream.on("end", settle);
    });
    stream.on("close", () => resolve({ kind: "truncated" }));
    stream.on("error", reject);
    stream.end();
    return await promise;
  } finally {
    session.destroy();
  }
}

function textsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
