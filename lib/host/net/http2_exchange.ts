/**
 * One GET over HTTP/2 on a TLS connection of `node:tls`, for servers that speak only HTTP/2.
 *
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { HttpMessage } from "../../api_server/http_message.ts";
import { growingBytes } from "../../encoding/bytes.ts";
import type { GetRequest } from "./get_request.ts";

/** `false`: without a TLS server name. Deno makes a URL of the name, and fails for an empty one. */
type NamedSocket = TLSSocket & { servername?: string | false };

/** Node's default is 128, and it takes few more than these. Go limits the bytes instead. */
const MAX_HEADERS = 2_048;

/**
 * Returns the answer; the caller closes the socket. Throws the session's errors, with their code.
 */
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
      maxHeaderListPairs: MAX_HEADERS,
    } as Parameters<typeof connect>[1],
  );
  const { promise, resolve, reject } = Promise.withResolvers<HttpMessage>();
  session.on("error", reject);
  session.on("close", () => reject(new Error("the connection was closed")));
  try {
    // `Headers` checks and normalizes as `fetch` does.
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
      // The listener is added here because Deno emits the body of a long answer before its headers.
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
