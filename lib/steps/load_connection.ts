/**
 * From kubectl's command line to the API server it would ask: reads the kubeconfig files through the host and leaves
 * every decision to the pure files. What is read here is all that the choice of the server rests on (kubeconfigs,
 * variables, the CA's file); tokens, certificates and keys stay where they are until a probe asks for them.
 *
 * @module
 */
import type { Target } from "../connection.ts";
import type { Host } from "../host.ts";
import type { CommandLine } from "../kubectl_argv.ts";

export type LoadedConnection =
  | { readonly kind: "target"; readonly target: Target }
  /** kubectl itself will refuse this configuration and say why: any kubectl serves. */
  | { readonly kind: "refused"; readonly reason: string };

/** What is true outside the files. */
export interface ConnectionPolicy {
  /** Whether kuberc's credentialPluginPolicy forbids running this program, its path resolved. */
  readonly forbidsPlugin: (command: string) => boolean;
  /** Milliseconds since the epoch: an id-token is used while it is valid. */
  readonly nowMs: number;
}

/** Never throws for what a file or a flag can say. */
export function loadConnection(
  _line: Pick<CommandLine, "globals">,
  _policy: ConnectionPolicy,
  _host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<LoadedConnection> {
  return Promise.reject(new Error("to be written"));
}
