/**
 * Classifies a failure on the way to a mirror.
 *
 * @module
 */
import { explainNetworkFailure } from "../../api_server/network_failure.ts";
import type { FailureCause } from "../../ports/host.ts";
import type { DownloadFailure, DownloadResult } from "../../ports/store.ts";
import { ProxyRefusal } from "./tunnel.ts";

/** `answered`: whether an answer had begun when the error came. */
export function describeFailure(
  error: unknown,
  answered: boolean,
): Extract<DownloadResult, { kind: "failure" }> {
  if (error instanceof ProxyRefusal) {
    return { kind: "failure", cause: "protocol", message: error.message };
  }
  const { cause, message } = explainNetworkFailure(error);
  return { kind: "failure", cause: meaningOf(cause, answered), message };
}

function meaningOf(cause: FailureCause, answered: boolean): DownloadFailure {
  switch (cause) {
    case "refused":
    case "dns":
      return "connect";
    case "reset":
    case "timeout":
    case "protocol":
      return answered ? "broken" : "connect";
    case "tls-extension":
      return "tls-extension";
    case "tls":
    case "tls-strict":
    case "tls-key":
    case "tls-client-certificate":
    case "handshake-refused":
    case "certificate-required":
    case "no-http1":
      return "tls";
    case "proxy":
    case "port-blocked":
      return "protocol";
  }
}
