/**
 * The root of trust for signatures: the identity that signs Kubernetes' releases, and the keys of
 * Sigstore's public instance. These are the authority that issues signing certificates (Fulcio),
 * the logs of certificates (CT), and the logs of signatures (Rekor).
 *
 * `trusted_root.json` is the file of that name in Sigstore's TUF repository.
 * docs/dev/security-review.md says how it is renewed.
 *
 * @see https://docs.sigstore.dev/about/security/
 * @module
 */
import type { JsonObject } from "../encoding/json.ts";
import root from "./trusted_root.json" with { type: "json" };

export interface SigstoreTrust {
  /** The e-mail address in the certificate. */
  readonly identity: string;
  /** The identity provider in the certificate. */
  readonly issuer: string;
  /** The day on which {@linkcode root} was published, for messages. */
  readonly date: string;
  /** A `TrustedRoot` message in protobuf's JSON. */
  readonly root: JsonObject;
  /** The URL of the log of signatures. */
  readonly logUrl: string;
}

/** Source: https://kubernetes.io/docs/tasks/administer-cluster/verify-signed-artifacts/ */
export const SIGSTORE_ROOT: SigstoreTrust = {
  identity: "krel-staging@k8s-releng-prod.iam.gserviceaccount.com",
  issuer: "https://accounts.google.com",
  date: "2026-11-05",
  root,
  logUrl: "https://rekor.sigstore.dev",
};
