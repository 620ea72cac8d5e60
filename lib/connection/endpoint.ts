/**
 * One API server, without the user who asks it.
 *
 * @module
 */
import { redactArgument } from "../output/redact.ts";
import { withoutSecrets } from "./server_url.ts";

/** Identifies a server. Its record is stored under these parts, for all users. */
export interface Endpoint {
  /** The URL of `/version`, without userinfo, query and fragment. */
  readonly url: string;
  /** PEM; `undefined` for the system's roots. */
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
  /** The proxy's URL, with userinfo; `undefined` for a direct connection. */
  readonly proxy: string | undefined;
}

/**
 * Returns a text that is the same for every user of an endpoint. It holds no token and no userinfo.
 */
export function endpointIdentity(endpoint: Endpoint): string {
  const { url, certificateAuthority, insecure, tlsServerName, proxy } = endpoint;
  return JSON.stringify([
    url,
    certificateAuthority ?? "",
    insecure,
    redactArgument(tlsServerName ?? ""),
    proxy === undefined ? "" : withoutSecrets(proxy),
  ]);
}
