/**
 * Classifies failures on the way to a server, for API servers and downloads. It matches the
 * messages of hyper and rustls, which `fetch` reports without a code, and those of sockets. It
 * passes no message on: they quote URLs.
 *
 * @module
 */
import type { FailureCause } from "../ports/host.ts";
import { HOW_TO_PIN } from "./lasting_notice.ts";

export interface NetworkFailure {
  readonly cause: FailureCause;
  /** A clause for people. It quotes nothing. */
  readonly message: string;
  /** A remedy for an API server, if one is known: a sentence without its full stop. */
  readonly hint?: string;
}

/**
 * Classifies an error by the first row that matches. `proxied`: the request goes through a proxy,
 * so the proxy is the host that refused the connection or was not found.
 */
export function explainNetworkFailure(error: unknown, proxied = false): NetworkFailure {
  // hyper quotes the URL, and a host may be called "alert".
  const text = textOfError(error).replaceAll(/for url \([^)]*\)/g, "");
  const row = ROWS.find(({ pattern }) => pattern.test(text));
  if (row === undefined) return { cause: "protocol", message: "the connection failed" };
  const { pattern: _, ...failure } = row;
  if (!proxied || (failure.cause !== "refused" && failure.cause !== "dns")) return failure;
  return {
    cause: "proxy",
    message: `the proxy cannot be reached: ${failure.message}`,
    hint: PROXY_HINT,
  };
}

/** Returns the texts of an error and of its causes. */
export function textOfError(error: unknown): string {
  const texts: string[] = [];
  for (let at = error; at instanceof Error && texts.length < 5; at = at.cause) {
    texts.push(`${"code" in at ? at.code : at.name} ${at.message}`);
  }
  return texts.join("; ");
}

/** Returns true if the server refused HTTP/1.1 because it speaks only HTTP/2. */
export function isHttp2Only(error: unknown): boolean {
  return /alert: NoApplicationProtocol|invalid HTTP version/.test(textOfError(error));
}

/**
 * Returns true for an answer that `fetch` does not read and Go does: over HTTP/1.1, it has more
 * than 100 headers, or a header that is continued on the next line, or spaces where none should be;
 * or it says that it is compressed with Brotli, and is not.
 */
export function isOddAnswer(error: unknown): boolean {
  return /message head is too large|invalid HTTP (?:header|status-code) parsed|brotli error/
    .test(textOfError(error));
}

/** Returns true if a certificate has a critical extension that Deno does not know. */
export function hasUnknownExtension(error: unknown): boolean {
  return textOfError(error).includes("UnsupportedCriticalExtension");
}

/**
 * Returns true if Deno refused a signature: it is forged, or made with a key that Deno does not
 * accept.
 */
export function isBadSignature(error: unknown): boolean {
  return BAD_SIGNATURE.test(textOfError(error));
}

/** All but the first are from `node:tls`, about the signature of a handshake. */
const BAD_SIGNATURE = /peer certificate: BadSignature|UNABLE_TO_VERIFY|SELF_SIGNED|ISSUER_CERT/;

export const PIN_HINT = `Pin the kubectl (${HOW_TO_PIN})`;

/** Kubeconfigs and variables choose the proxy. */
export const PROXY_HINT = `"kuberlr explain" shows which proxy is used, and where it is set`;

export const TIMEOUT: NetworkFailure = {
  cause: "timeout",
  message: "no answer came in time",
  hint: "A larger Timeout in kuberlr.conf makes kuberlr wait longer",
};

export const CUT_OFF: NetworkFailure = {
  cause: "protocol",
  message: "the connection was closed before the answer was complete",
};

export const NOT_HTTP: NetworkFailure = {
  cause: "protocol",
  message: "the server does not answer in HTTP",
  hint: `Check the scheme and the port of the server: "kubectl config view --minify" shows them`,
};

export const SHORT_KEY: NetworkFailure = {
  cause: "tls-key",
  message: "a key of the server's certificates is RSA with less than 2,048 bits, " +
    "which Deno does not accept",
  hint: `Give the server a longer key, or pin the kubectl (${HOW_TO_PIN})`,
};

/** Trusting such a certificate itself does not help: Deno cannot check its handshake. */
export const LEAF_EXTENSION: NetworkFailure = {
  cause: "tls-extension",
  message: "the server's certificate has a critical extension that Deno does not know",
  hint: PIN_HINT,
};

/** Only servers that refuse anonymous requests need the client certificate for their version. */
export const OLD_CLIENT_CERTIFICATE: NetworkFailure = {
  cause: "tls-client-certificate",
  message: "the client certificate is of X.509 version 1, which Deno does not present",
  hint: "Issue the client certificate again with an extension, for example " +
    `extendedKeyUsage=clientAuth, or pin the kubectl (${HOW_TO_PIN})`,
};

export const SHORT_CLIENT_KEY: NetworkFailure = {
  cause: "tls-client-certificate",
  message: "the client certificate's key is RSA with less than 2,048 bits, " +
    "which Deno does not accept",
  hint: `Issue the client certificate again with a longer key, or pin the kubectl (${HOW_TO_PIN})`,
};

/** The first row whose pattern matches counts. */
const ROWS: readonly (NetworkFailure & { readonly pattern: RegExp })[] = [
  {
    // With TLS 1.2 and older, Go's servers send "bad certificate" if they got none.
    pattern:
      /CertificateRequired|alert: (?:BadCertificate|AccessDenied|UnknownCA)|certificate required/i,
    cause: "certificate-required",
    message: "the server wants a client certificate",
  },
  {
    pattern: /alert: (?:HandshakeFailure|InsufficientSecurity)/,
    cause: "handshake-refused",
    message: "the server and Deno have no TLS cipher suite, curve or signature in common, " +
      "or the server wants a client certificate",
    hint: PIN_HINT,
  },
  {
    pattern: /UnsupportedCriticalExtension/,
    cause: "tls-extension",
    message: "a certificate of the chain has a critical extension that Deno does not know",
    hint:
      `Add the certificate that has issued the server's to its authority, or pin the kubectl (${HOW_TO_PIN})`,
  },
  {
    pattern: /CaUsedAsEndEntity/,
    cause: "tls-strict",
    message: "the server's certificate is marked as an authority's, which Deno does not accept",
    hint: `Add the server's own certificate to its authority, or pin the kubectl (${HOW_TO_PIN})`,
  },
  {
    // The usage 2.5.29.37.0 is "any".
    pattern: /extended key usage for server authentication, allows .*\b2, 5, 29, 37, 0/,
    cause: "tls-strict",
    message: "the server's certificate allows any usage and does not name that of a server, " +
      "which Deno does not accept",
    hint: `Add the server's own certificate to its authority, or pin the kubectl (${HOW_TO_PIN})`,
  },
  {
    pattern: /not valid for name "[^".]+\.([^".]+)".*DnsName\("\*\.\1"\)/,
    cause: "tls-strict",
    message: "the wildcard of the server's certificate is right below a top-level domain, " +
      "which Deno does not accept",
    hint: PIN_HINT,
  },
  {
    pattern: BAD_SIGNATURE,
    cause: "tls",
    message: "a signature of the server's certificates, or of its handshake, is wrong",
    hint: "If the cluster was created anew, fetch its kubeconfig again",
  },
  {
    pattern: /peer certificate: UnknownIssuer/,
    cause: "tls",
    message: "the server's certificate is signed by an unknown authority",
    hint: "If it is the right server, name its authority in certificate-authority of the cluster",
  },
  {
    pattern: /peer certificate: Expired|CERT_HAS_EXPIRED/,
    cause: "tls",
    message: "the server's certificate has expired",
  },
  {
    pattern: /peer certificate: NotValidYet/,
    cause: "tls",
    message: "the server's certificate is not valid yet",
    hint: "Check the clock of this machine",
  },
  {
    pattern: /certificate not valid for name|ALTNAME_INVALID/,
    cause: "tls",
    message: "the server's certificate is for another name",
    hint: "If it is the right server, put a name of its certificate into tls-server-name",
  },
  {
    pattern: /UnsupportedCertVersion/,
    cause: "tls",
    message: "a certificate of the chain is not of version 3",
  },
  {
    pattern: /peer certificate|CERT_[A-Z_]+/,
    cause: "tls",
    message: "the server's certificate is not valid",
  },
  {
    pattern:
      /parse private key|decode key|KeyMismatch|no keys found|certificates? .*decode|INVALID_CERT/i,
    cause: "tls",
    message: "the client certificate or its key cannot be used",
    hint: `"kubectl config view --minify" shows where the user's certificate and key come from`,
  },
  {
    pattern: /InvalidContentType/,
    cause: "tls",
    message: "the server does not speak TLS",
    hint: NOT_HTTP.hint!,
  },
  {
    pattern: /alert: NoApplicationProtocol/,
    cause: "no-http1",
    message: "the server speaks only HTTP/2",
  },
  {
    pattern: /received fatal alert|HandshakeFailure|handshake|alert/i,
    cause: "tls",
    message: "the TLS handshake failed",
  },
  {
    // IPv6 with a zone, for example, which Go accepts.
    pattern: /Invalid URL/,
    cause: "dns",
    message: "Deno cannot connect to a host with such a name",
    hint: PIN_HINT,
  },
  {
    pattern: /Requests to port \d+ are blocked/,
    cause: "port-blocked",
    message: "Deno does not connect to this port, as browsers do not",
  },
  {
    pattern: /unsuccessful tunnel|proxy authentication|tunnel error|socks/i,
    cause: "proxy",
    message: "the proxy did not connect to the server",
    hint: PROXY_HINT,
  },
  {
    pattern: /dns error|lookup address|ENOTFOUND|EAI_AGAIN|getaddrinfo/i,
    cause: "dns",
    message: "the host name cannot be resolved",
    hint: "Check the name, and whether the VPN that knows it is connected",
  },
  {
    pattern: /Connection refused|ECONNREFUSED|10061/,
    cause: "refused",
    message: "the connection was refused",
    hint: "Check whether the server runs, and its port",
  },
  {
    pattern: /Connection reset|ECONNRESET|Broken pipe|EPIPE|10054|10053/,
    cause: "reset",
    message: "the connection was reset",
  },
  {
    pattern: /unreachable|ENETUNREACH|EHOSTUNREACH/i,
    cause: "refused",
    message: "there is no route to the host",
    hint: "Check the network, and whether the VPN that leads there is connected",
  },
  { pattern: /timed? ?out|ETIMEDOUT|TimeoutError/i, ...TIMEOUT },
  {
    pattern:
      /reading a body|IncompleteMessage|end of file|UnexpectedEof|connection closed|was closed/i,
    ...CUT_OFF,
  },
];
