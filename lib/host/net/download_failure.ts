/**
 * Classifies the errors of `fetch` by their texts, which are Rust's and hyper's: there are no
 * codes.
 *
 * @module
 */
import type { DownloadResult } from "../../ports/store.ts";

/** `answered`: whether there was an answer, which then broke off. */
export function describeFailure(error: unknown, answered: boolean): DownloadResult {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  const failure = (kind: Extract<DownloadResult, { kind: "failure" }>["cause"], message: string) =>
    ({ kind: "failure", cause: kind, message }) as const;
  const certificate = /invalid peer certificate: (.*)/s.exec(text)?.[1];
  if (certificate !== undefined) {
    return failure("tls", `its certificate is not valid: ${certificate}`);
  }
  if (/received fatal alert|received corrupt message|tls handshake|HandshakeFailure/i.test(text)) {
    return failure("tls", `no TLS connection: ${lastPart(text)}`);
  }
  if (/dns error/.test(text)) return failure("connect", "its host name cannot be resolved");
  if (/unsuccessful tunnel|proxy authentication required|socks/i.test(text)) {
    return failure("protocol", `the proxy refused: ${lastPart(text)}`);
  }
  const port = /Requests to port (\d+) are blocked/.exec(text)?.[1];
  if (port !== undefined) {
    return failure(
      "protocol",
      `nothing is downloaded from port ${port}, which Deno refuses as browsers do`,
    );
  }
  return failure(answered ? "broken" : "connect", lastPart(text));
}

/**
 * hyper tells the whole chain of causes; the last one is what happened. The URL may have a
 * signature in its query.
 */
function lastPart(text: string): string {
  const safe = text.replace(/\s*\(os error \d+\)/g, "").replace(/ for url \(.*?\)(?=:|$)/gs, "");
  const part = safe.split(/: (?=[^:]*$)/).at(-1) ?? safe;
  return part.charAt(0).toLowerCase() + part.slice(1);
}
