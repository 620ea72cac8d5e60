import { assertEquals, assertMatch } from "@std/assert";
import { explainNetworkFailure } from "../../lib/api_server/network_failure.ts";

const SENDING =
  "error sending request for url (https://user:pass@alert.example/version): client error (Connect): ";

for (
  const { text, proxied = false, want } of [
    { text: "tcp connect error: Connection refused (os error 111)", want: "refused" },
    { text: "tcp connect error: Connection refused (os error 61)", proxied: true, want: "proxy" },
    { text: "Connection reset by peer (os error 104)", want: "reset" },
    { text: "An existing connection was forcibly closed (os error 10054)", want: "reset" },
    { text: "tcp connect error: No route to host; EHOSTUNREACH", want: "refused" },
    {
      text: "dns error: failed to lookup address information: Name or service not known",
      want: "dns",
    },
    { text: "dns error: no record found", proxied: true, want: "proxy" },
    { text: "invalid peer certificate: UnknownIssuer", want: "tls" },
    { text: "invalid peer certificate: BadSignature", want: "tls" },
    { text: "invalid peer certificate: Expired", want: "tls" },
    { text: "invalid peer certificate: NotValidYet", want: "tls" },
    { text: 'invalid peer certificate: certificate not valid for name "a"', want: "tls" },
    { text: "received fatal alert: CertificateRequired", want: "certificate-required" },
    { text: "received fatal alert: BadCertificate", want: "certificate-required" },
    { text: "received fatal alert: HandshakeFailure", want: "handshake-refused" },
    { text: "received fatal alert: NoApplicationProtocol", want: "no-http1" },
    { text: "received fatal alert: ProtocolVersion", want: "tls" },
    {
      text: "invalid peer certificate: Other(OtherError(UnsupportedCriticalExtension))",
      want: "tls-extension",
    },
    {
      text: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
      want: "tls-strict",
    },
    {
      text: "invalid peer certificate: certificate does not allow extended key usage for " +
        "server authentication, allows client authentication or 2, 5, 29, 37, 0",
      want: "tls-strict",
    },
    {
      text: "invalid peer certificate: certificate does not allow extended key usage for " +
        "server authentication, allows client authentication",
      want: "tls",
    },
    {
      text: 'certificate not valid for name "api.lan"; certificate is only valid for ' +
        'DnsName("*.lan") or IpAddress(127.0.0.1)',
      want: "tls-strict",
    },
    {
      text: 'certificate not valid for name "api.lan"; certificate is only valid for ' +
        'DnsName("*.home")',
      want: "tls",
    },
    {
      text: 'certificate not valid for name "a.b.lan"; certificate is only valid for ' +
        'DnsName("*.lan")',
      want: "tls",
    },
    { text: "received corrupt message of type InvalidContentType", want: "tls" },
    { text: "unsuccessful tunnel", want: "proxy" },
    { text: "proxy authentication required", want: "proxy" },
    { text: "keys may not be consistent: KeyMismatch", want: "tls" },
    { text: "Invalid URL: 'https://[fe80::1%25eth0]:6443/version'", want: "dns" },
    { text: "operation timed out", want: "timeout" },
    { text: "error reading a body from connection", want: "protocol" },
    { text: "something new", want: "protocol" },
  ]
) {
  Deno.test(`explainNetworkFailure() takes "${text}"${proxied ? " (proxy)" : ""} for ${want}`, () => {
    const error = new TypeError("fetch failed", { cause: new Error(SENDING + text) });
    const { cause, message, hint = "" } = explainNetworkFailure(error, proxied);
    assertEquals(cause, want);
    assertEquals(/user:|pass|example/.test(message + hint), false);
    // The reason is a clause with subject and verb, the hint a sentence; the caller adds the full
    // stops.
    assertMatch(
      message,
      /^(?:the|a|no|there|Deno) .*\b(?:is|was|were|has|have|does|did|came|can|cannot|failed|speaks|wants|be)\b.*(?<!\.)$/,
    );
    assertMatch(hint, /^(?:|["A-Z].*[^.])$/);
  });
}
