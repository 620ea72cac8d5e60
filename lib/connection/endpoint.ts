/**
 * One API server, without the user who asks it.
 *
 * @module
 */
import { withoutUserinfo } from "./server_url.ts";

/** The parts that identify a server; its record is stored under them, for all users. */
export interface Endpoint {
  /** Of `/version`, without userinfo, query and fragment. */
  readonly url: string;
  /** PEM; `undefined`: the system's roots. */
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
  /** The proxy to be used, with userinfo. */
  readonly proxy: string | undefined;
}

/** The same text for every user of an endpoint: it has no token and no userinfo. */
export function endpointIdentity(endpoint: Endpoint): string {
  const { url, certificateAuthority, insecure, tlsServerName, proxy } = endpoint;
  return JSON.stringify([
    url,
    certificateAuthority ?? "",
    insecure,
    tlsServerName ?? "",
    proxy === undefined ? "" : withoutUserinfo(proxy),
  ]);
}
