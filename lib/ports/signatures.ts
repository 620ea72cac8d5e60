/**
 * The port for checking a signature: the log of signatures.
 *
 * @module
 */

export interface Signatures {
  /** Sends one POST of JSON and follows no redirect. Never throws for a failure of the network. */
  post(url: string, body: string, timeoutMs: number): Promise<PostAnswer>;
}

export type PostAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "failure"; readonly message: string };
