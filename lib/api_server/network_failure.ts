/**
 * Tells what went wrong on the way to a server from the texts of hyper and rustls, which `fetch`
 * reports without any code, and from those of sockets: for API servers and for downloads. No text
 * is passed on: texts quote URLs.
 *
 * @module
 */
import type { FailureCause } from "../ports/host.ts";

export interface NetworkFailure {
  readonly cause: FailureCause;
  /** For people; quotes nothing but names out of certificates, made printable. */
  readonly message: string;
}

/** `proxied`: whether a connection that failed was one to a proxy. */
export function explainNetworkFailure(error: unknown, proxied = false): NetworkFailure {
  // hyper names the URL, and a host may be called "alert".
  const text = textOfError(error).replaceAll(/for url \([^)]*\)/g, "");
  for (const [pattern, cause, message] of PATTERNS) {
    if (pattern.test(text)) {
      return proxied && (cause === "refused" || cause === "dns")
        ? { cause: "proxy", message: `the proxy cannot be reached: ${message}` }
        : { cause, message };
    }
  }
  return { cause: "protocol", message: "the connection failed" };
}

/** Returns the texts of an error and of its causes. */
export function textOfError(error: unknown): string {
  const texts: string[] = [];
  for (let at = error; at instanceof Error && texts.length < 5; at = at.cause) {
    texts.push(`${"code" in at ? at.code : at.name} ${at.message}`);
  }
  return texts.join("; ");
}

/** Whether the server, asked over HTTP/1.1 alone, gave to understand that it speaks HTTP/2. */
export function isHttp2Only(error: unknown): boolean {
  return /alert: NoApplicationProtocol|invalid HTTP version/.test(textOfError(error));
}

/** Whether the head of an answer over HTTP/1.1 was more than `fetch` reads: 100 headers. */
export function hasTooManyHeaders(error: unknown): boolean {
  return textOfError(error).includes("message head is too large");
}

// deno-fmt-ignore: a row a line
const PATTERNS: readonly (readonly [RegExp, FailureCause, string])[] = [
  // Up to TLS 1.2, Go's servers say "bad certificate" where none was sent.
  [/CertificateRequired|alert: (?:BadCertificate|AccessDenied|UnknownCA)|certificate required/i, "certificate-required", "the server wants a client certificate"],
  [/alert: (?:HandshakeFailure|InsufficientSecurity)/, "handshake-refused", "the server and Deno have no TLS cipher suite, curve or signature in common, or it wants a client certificate"],
  [/UnsupportedCriticalExtension/, "tls-extension", "a certificate of the chain has a critical extension that Deno does not know"],
  [/CaUsedAsEndEntity/, "tls-authority", "the server's certificate is an authority's, which Deno does not accept"],
  [/peer certificate: (?:UnknownIssuer|BadSignature)/, "tls", "the certificate is signed by an unknown authority"],
  [/peer certificate: Expired|CERT_HAS_EXPIRED/, "tls", "the certificate has expired"],
  [/peer certificate: NotValidYet/, "tls", "the certificate is not yet valid"],
  [/certificate not valid for name|ALTNAME_INVALID/, "tls", "the certificate is not valid for this name"],
  [/UnsupportedCertVersion/, "tls", "a certificate is not of version 3"],
  [/UNABLE_TO_VERIFY|SELF_SIGNED|ISSUER_CERT/, "tls", "the certificate is signed by an unknown authority"],
  [/peer certificate|CERT_[A-Z_]+/, "tls", "the certificate is not valid"],
  [/parse private key|decode key|KeyMismatch|no keys found|certificates? .*decode|INVALID_CERT/i, "tls", "the client certificate or its key cannot be used"],
  [/InvalidContentType/, "tls", "the server does not speak TLS"],
  [/alert: NoApplicationProtocol/, "no-http1", "the server speaks HTTP/2 only"],
  [/received fatal alert|HandshakeFailure|handshake|alert/i, "tls", "the TLS handshake failed"],
  [/Requests to port \d+ are blocked/, "port-blocked", "Deno refuses this port, as browsers do"],
  [/unsuccessful tunnel|proxy authentication|tunnel error|socks/i, "proxy", "the proxy made no connection"],
  [/dns error|lookup address|ENOTFOUND|EAI_AGAIN|getaddrinfo/i, "dns", "no such host"],
  [/Connection refused|ECONNREFUSED|10061/, "refused", "connection refused"],
  [/Connection reset|ECONNRESET|Broken pipe|EPIPE|10054|10053/, "reset", "the connection was reset"],
  [/unreachable|ENETUNREACH|EHOSTUNREACH/i, "refused", "no route to the host"],
  [/timed? ?out|ETIMEDOUT|TimeoutError/i, "timeout", "no answer in time"],
  [/reading a body|IncompleteMessage|end of file|UnexpectedEof|connection closed|was closed/i, "protocol", "the answer was cut off"],
];
