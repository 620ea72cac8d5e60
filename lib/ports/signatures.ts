/**
 * What checking a signature needs of the outside world, and what it trusts. The checks themselves are
 * `steps/verify_signature.ts`.
 *
 * @module
 */

export interface Signatures {
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** ECDSA over a NIST curve. `false` for whatever does not fit, a key that is none included. */
  verify(signed: SignedBytes): Promise<boolean>;
  /** One POST of JSON; no redirect is followed. Never throws for what a network can do. */
  post(url: string, body: string, timeoutMs: number): Promise<PostAnswer>;
}

export interface SignedBytes {
  readonly bytes: Uint8Array;
  /** DER. */
  readonly signature: Uint8Array;
  readonly hash: "sha256" | "sha384";
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

export type PostAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "failure"; readonly message: string };

/** Whose signature counts, and who vouches for it. */
export interface SigstoreTrust {
  /** The address that the certificate must be for, and who has to have established it. */
  readonly identity: string;
  readonly issuer: string;
  /** When this was published, for people. */
  readonly date: string;
  readonly authorities: readonly CertificateAuthority[];
  readonly certificateLogs: readonly TrustedLog[];
  /** The first is the one that is asked. */
  readonly logs: readonly TrustedLog[];
}

/** Times in milliseconds since the epoch, the end included; `undefined`: open. */
interface Period {
  readonly fromMs: number;
  readonly untilMs: number | undefined;
}

export interface CertificateAuthority extends Period {
  /** DER; what signs leaves comes first, the root last. */
  readonly certificates: readonly Uint8Array[];
}

export interface TrustedLog extends Period {
  readonly url: string;
  /** Lower-case hex. */
  readonly id: string;
  /** SubjectPublicKeyInfo in DER, P-256. */
  readonly publicKey: Uint8Array;
}

export function isWithin({ fromMs, untilMs = Infinity }: Period, timeMs: number): boolean {
  return fromMs <= timeMs && timeMs <= untilMs;
}
