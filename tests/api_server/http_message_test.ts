import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type HttpMessage, httpReader } from "../../lib/api_server/http_message.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Splits the bytes into pieces of one length. */
function parse(whole: Uint8Array, ended: boolean, maxBytes: number, pieceBytes = Infinity) {
  const reader = httpReader(maxBytes);
  let message: HttpMessage = { kind: "incomplete" };
  for (let at = 0; at < whole.length; at += pieceBytes) {
    message = reader.push(whole.subarray(at, at + pieceBytes));
  }
  return ended ? reader.end() : message;
}

/** Returns `status body`, or the kind. */
function read(text: string, ended: boolean, maxBytes = 1000, pieceBytes = Infinity): string {
  const message = parse(bytes(text), ended, maxBytes, pieceBytes);
  if (message.kind !== "complete") return message.kind;
  return `${message.status} ${String.fromCharCode(...message.body)}`;
}

/** Returns the head of a response, with this many bytes. */
function head(length: number): string {
  return `HTTP/1.1 200 OK\r\nA: ${"a".repeat(length - 24)}\r\n\r\n`;
}

/** Returns a response in one chunk, whose line has this many bytes before its line feed. */
function chunked(length: number): string {
  const line = `2;${"a".repeat(length - 3)}\r\n`;
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${line}hi\r\n0\r\n\r\n`;
}

for (
  const { name, text, ended = false, maxBytes, want } of [
    {
      name: "a counted body",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      want: "200 hi",
    },
    {
      name: "no more than was counted",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there",
      want: "200 hi",
    },
    {
      name: "a body that is not all there",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
      want: "incomplete",
    },
    {
      name: "a body that was cut off",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
      ended: true,
      want: "truncated",
    },
    {
      name: "a body to the end of the connection",
      text: "HTTP/1.0 200 OK\r\n\r\nhi",
      ended: true,
      want: "200 hi",
    },
    { name: "a body that may go on", text: "HTTP/1.0 200 OK\r\n\r\nhi", want: "incomplete" },
    {
      name: "chunks",
      text:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n6;x=y\r\n there\r\n0\r\n\r\n",
      want: "200 hi there",
    },
    {
      name: "half a chunk",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nh",
      want: "incomplete",
    },
    {
      name: "chunks without an end",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
      ended: true,
      want: "truncated",
    },
    {
      name: "a chunk without a size",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n",
      want: "malformed",
    },
    {
      name: "the start of a long body",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhi there",
      maxBytes: 2,
      want: "200 hi",
    },
    {
      name: "the start of a long chunk",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nhi there",
      maxBytes: 2,
      want: "200 hi",
    },
    {
      name: "what follows an interim response",
      text:
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
      want: "401 ",
    },
    {
      name: "many interim responses, as Go does",
      text: "HTTP/1.1 100 Go\r\n\r\n".repeat(50) + "HTTP/1.1 204 No\r\n\r\n",
      want: "204 ",
    },
    {
      name: "interim responses without end",
      text: `HTTP/1.1 100 ${"a".repeat(1000)}\r\n\r\n`.repeat(1050),
      want: "malformed",
    },
    {
      name: "lines without carriage returns",
      text: "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
      want: "200 hi",
    },
    {
      name: "an empty line without a carriage return",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nhi",
      want: "200 hi",
    },
    {
      name: "a header that is continued on the next line",
      text: "HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\nContent-Length:\r\n 2\r\n\r\nhi",
      want: "200 hi",
    },
    {
      name: "a space before a header's colon",
      text: "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 2\r\n\r\nhi",
      want: "200 hi",
    },
    {
      name: "a status after two spaces, without a reason",
      text: "HTTP/1.2  200\r\nContent-Length: 2\r\n\r\nhi",
      want: "200 hi",
    },
    { name: "a status of four digits", text: "HTTP/1.1 2000 OK\r\n\r\n", want: "malformed" },
    {
      name: "spaces and zeros around a chunk's size",
      text:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000002 \t\r\nhi\r\n0\r\n\r\n",
      want: "200 hi",
    },
    { name: "no body with 204", text: "HTTP/1.1 204 No Content\r\n\r\n", want: "204 " },
    { name: "half a head", text: "HTTP/1.1 200 OK\r\nContent", want: "incomplete" },
    { name: "half a head, cut off", text: "HTTP/1.1 200", ended: true, want: "truncated" },
    { name: "another protocol", text: "SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n", want: "malformed" },
    { name: "a line that is no header", text: "HTTP/1.1 200 OK\r\nno\r\n\r\n", want: "malformed" },
    {
      name: "a length that is not a number",
      text: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      want: "malformed",
    },
    {
      name: "a head without end",
      text: `HTTP/1.1 200 OK\r\nA: ${"a".repeat(1_100_000)}`,
      want: "malformed",
    },
    { name: "the longest head", text: `${head(1024 * 1024)}hi`, ended: true, want: "200 hi" },
    {
      name: "a head that is too long",
      text: `${head(1024 * 1024 + 1)}hi`,
      ended: true,
      want: "malformed",
    },
    { name: "the longest line of a chunk", text: chunked(1_024), want: "200 hi" },
    { name: "a line of a chunk that is too long", text: chunked(1_025), want: "malformed" },
    {
      name: "a line of a chunk without end",
      text: chunked(1_025).slice(0, -"\nhi\r\n0\r\n\r\n".length),
      want: "malformed",
    },
  ]
) {
  Deno.test(`httpReader() reads ${name}, in pieces of any size`, () => {
    for (const pieceBytes of [Infinity, 1, 2, 7, 1000]) {
      assertEquals(read(text, ended, maxBytes, pieceBytes), want, `${pieceBytes}`);
    }
  });
}

Deno.test("httpReader() never throws and keeps to its bound", () => {
  const pieces = fc.constantFrom(
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Go\r\n\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 5\r\n",
    "\r\n",
    "5\r\n",
    "ffffffff\r\n",
    "0\r\n",
    "hello",
  );
  const texts = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.boolean(), fc.nat(20), (parts, ended, maxBytes) => {
      const message = parse(bytes(parts.join("")), ended, maxBytes);
      assert(message.kind !== "complete" || message.body.length <= maxBytes);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("httpReader() reads endless tiny chunks at the price of their bytes", () => {
  const reader = httpReader(1024 * 1024);
  reader.push(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  const chunk = bytes("1\r\n \r\n");
  let chunks = 0;
  while (reader.push(chunk).kind === "incomplete") chunks++;
  assertEquals(chunks + 1, 1024 * 1024);
});
