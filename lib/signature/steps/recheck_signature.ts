/**
 * Checks the signature of an installed kubectl again, by its stored bundle and without a network.
 *
 * @module
 */
import { parseJson } from "../../encoding/json.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { bundlePath } from "../bundle.ts";
import { SIGSTORE_ROOT, type SigstoreTrust } from "../sigstore_root.ts";
import type { Version } from "../../version/version.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { readRegularBytes } from "../../files/steps/read_regular.ts";
import { findFolderDistrust } from "../../files/steps/distrust.ts";

export type SignatureState =
  | { readonly kind: "verified" }
  /** No bundle is stored: the signature was not checked at installation. */
  | { readonly kind: "none" }
  /** `reason` follows "its signature". */
  | { readonly kind: "invalid"; readonly reason: string };

export interface RecheckRequest {
  /** The kubectl, in kuberlr's own folder. */
  readonly path: string;
  readonly version: Version;
  readonly trust?: SigstoreTrust;
}

/** Returns the state of the signature. Only bundles that this user has written count. */
export async function recheckSignature(
  { path, version, trust = SIGSTORE_ROOT }: RecheckRequest,
  layout: Pick<Layout, "root" | "receipts">,
  host: Pick<Host, "platform" | "files">,
): Promise<SignatureState> {
  if (findFolderDistrust(layout.receipts, layout.root, host) !== undefined) return { kind: "none" };
  const kept = orUndefined(() =>
    readOwnText(bundlePath(layout, host.platform, version), "signature-bundle", host.files)
  );
  if (kept === undefined) return { kind: "none" };
  const bytes = orUndefined(() => readRegularBytes(path, "kubectl", host.files));
  if (bytes === undefined) return { kind: "invalid", reason: "is of a file that cannot be read" };
  const { verifyKubectl } = await import("./verify_signature.ts");
  const verdict = verifyKubectl({ bytes, version }, parseJson(kept), trust);
  if (verdict.kind === "bad") return { kind: "invalid", reason: verdict.reason };
  return verdict.text === kept
    ? { kind: "verified" }
    : { kind: "invalid", reason: "is not the one that was stored" };
}
