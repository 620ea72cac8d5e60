/**
 * Classifies the errors of `fetch` for downloads: whether another attempt may help.
 *
 * @module
 */
import { explainNetworkFailure, textOfError } from "../../api_server/network_failure.ts";
import type { FailureCause } from "../../ports/host.ts";
import type { DownloadFailure, DownloadResult } from "../../ports/store.ts";

/** `answered`: whether there was an answer, which then broke off. */
export function describeFailure(error: unknown, answered: boolean): DownloadResult {
  const port = /Requests to port (\d+) are blocked/.exec(textOfError(error))?.[1];
  if (port !== undefined) {
    const message = `nothing is downloaded from port ${port}, which Deno refuses as browsers do`;
    return { kind: "failure", cause: "protocol", message };
  }
  const { cause, message } = explainNetworkFailure(error);
  return { kind: "failure", cause: causeOf(cause, answered), message };
}

function causeOf(cause: FailureCause, answered: boolean): DownloadFailure {
  switch (cause) {
    case "tls":
    case "tls-extension":
    case "tls-authority":
    case "handshake-refused":
    case "certificate-required":
      return "tls";
    case "proxy":
    case "no-http1":
      return "protocol";
    default:
      return answered ? "broken" : "connect";
  }
}
