/**
 * What went wrong on the way to a server, told from the texts of hyper and rustls, which `fetch` reports without any
 * code, and from those of sockets. Never more than the kind: the texts themselves quote URLs.
 *
 * @module
 */
import type { FailureCause } from "../ports/host.ts";

export interface NetworkFailure {
  readonly cause: FailureCause;
  /** For people; quotes nothing but names out of certificates, made printable. */
  readonly message: string;
}

/** `text`: messages of an error and of its causes. `proxied`: whether a connection that failed was one to a proxy. */
export function explainNetworkFailure(text: string, proxied = false): NetworkFailure {
  // hyper names the URL, and a host may be called "alert".
  const plain = text.replaceAll(/for url \([^)]*\)/g, "");
  for (const [pattern, cause, message] of PATTERNS) {
    if (pattern.test(plain)) {
      return proxied && (cause === "refused" || cause === "dns")
        ? { cause: "proxy", message: `the proxy cannot be reached: ${message}` }
        : { cause, message };
    }
  }
  return { cause: "protocol", message: "the connection failed" };
}

const PATTERNS: readonly (readonly [RegExp, FailureCause, string])[] = [
  [
    /CertificateRequired|certificate required/i,
    "certificate-required",
    "the server wants a client certificate",
  ],
  [
    /peer certificate: (?:UnknownIssuer|BadSignature)/,
    "tls",
    "the certificate is signed by an unknown authority",
  ],
  [/peer certificate: Expired|CERT_HAS_EXPIRED/, "tls", "the certificate has expired"],
  [/peer certificate: NotValidYet/, "tls", "the certificate is not yet valid"],
  [
    /certificate not valid for name|ALTNAME_INVALID/,
    "tls",
    "the certificate is not valid for this name",
  ],
  [/UnsupportedCertVersion/, "tls", "a certificate is not of version 3"],
  [/CaUsedAsEndEntity/, "tls", "the certificate is an authority's own"],
  [
    /UNABLE_TO_VERIFY|SELF_SIGNED|ISSUER_CERT/,
    "tls",
    "the certificate is signed by an unknown authority",
  ],
  [/peer certificate|CERT_[A-Z_]+/, "tls", "the certificate is not valid"],
  [
    /parse private key|decode key|KeyMismatch|no keys found|certificates? .*decode|INVALID_CERT/i,
    "tls",
    "the client certificate or its key cannot be used",
  ],
  [/InvalidContentType/, "tls", "the server does not speak TLS"],
  [/received fatal alert|HandshakeFailure|handshake|alert/i, "tls", "the TLS handshake failed"],
  [
    /unsuccessful tunnel|proxy authentication|tunnel error|socks/i,
    "proxy",
    "the proxy made no connection",
  ],
  [/dns error|lookup address|ENOTFOUND|EAI_AGAIN|getaddrinfo/i, "dns", "no such host"],
  [/Connection refused|ECONNREFUSED|10061/, "refused", "connection refused"],
  [/Connection reset|ECONNRESET|Broken pipe|EPIPE|10054/, "refused", "the connection was reset"],
  [/unreachable|ENETUNREACH|EHOSTUNREACH/i, "refused", "no route to the host"],
  [/timed? ?out|ETIMEDOUT|TimeoutError/i, "timeout", "no answer in time"],
  [
    /reading a body|IncompleteMessage|end of file|UnexpectedEof|connection closed|was closed/i,
    "protocol",
    "the answer was cut off",
  ],
];
