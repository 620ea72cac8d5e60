import { assertEquals } from "@std/assert";
import { describeFailure } from "../../../lib/host/net/download_failure.ts";

const URL_PART = "error sending request for url (https://h/x?sig=s3cr3t)";

for (
  const { text, answered = false, cause, message } of [
    {
      text:
        `${URL_PART}: client error (Connect): tcp connect error: Connection refused (os error 111)`,
      cause: "connect",
      message: "the connection was refused",
    },
    {
      text:
        `${URL_PART}: client error (Connect): dns error: failed to lookup address information: Name or service not known`,
      cause: "connect",
      message: "the host name cannot be resolved",
    },
    {
      text: `${URL_PART}: client error (Connect): invalid peer certificate: UnknownIssuer`,
      cause: "tls",
      message: "the server's certificate is signed by an unknown authority",
    },
    {
      text: `${URL_PART}: client error (Connect): received fatal alert: ProtocolVersion`,
      cause: "tls",
      message: "the TLS handshake failed",
    },
    {
      text: `${URL_PART}: client error (Connect): unsuccessful tunnel`,
      cause: "protocol",
      message: "the proxy did not connect to the server",
    },
    {
      text: "error reading a body from connection",
      answered: true,
      cause: "broken",
      message: "the connection was closed before the answer was complete",
    },
    {
      text:
        `${URL_PART}: client error (Connect): invalid peer certificate: Other(OtherError(UnsupportedCriticalExtension))`,
      cause: "tls-extension",
      message: "a certificate of the chain has a critical extension that Deno does not know",
    },
    { text: URL_PART, cause: "connect", message: "the connection failed" },
    {
      text: "Fetch failed: Requests to port 9 are blocked",
      cause: "protocol",
      message: "Deno does not connect to this port, as browsers do not",
    },
  ] as const
) {
  Deno.test(`describeFailure() makes "${message}" of ${text.replace(/^.*\): /, "")}`, () => {
    const error = new TypeError("fetch failed", { cause: new Error(text) });
    assertEquals(describeFailure(error, answered), { kind: "failure", cause, message });
  });
}
