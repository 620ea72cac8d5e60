/**
 * Sigstore's public instance, and whose signature counts there: which authority issues signing
 * certificates (Fulcio), which logs they are in (CT), and which logs hold the signatures (Rekor).
 * No mirror and no log is believed without it.
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
  /** The address that the certificate must be for. */
  readonly identity: string;
  /** The provider that must have established the identity. */
  readonly issuer: string;
  /** The day on which {@linkcode root} was published, for people. */
  readonly date: string;
  /** A `TrustedRoot` message in protobuf's JSON. */
  readonly root: JsonObject;
  /** Where entries of the log are looked up. */
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
