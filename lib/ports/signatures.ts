/**
 * The port to the log of signatures, for checking a signature.
 *
 * @module
 */

export interface Signatures {
  /**
   * Sends a POST of JSON and does not follow redirects. No failure of the network makes it throw.
   */
  post(url: string, body: string, timeoutMs: number): Promise<PostAnswer>;
}

export type PostAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "failure"; readonly message: string };
