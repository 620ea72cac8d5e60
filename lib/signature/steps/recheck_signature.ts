/**
 * The signature of an installed kubectl, checked again from what was kept of it, without a network.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { bundlePath, parseBundle } from "../bundle.ts";
import type { SigstoreTrust } from "../../ports/signatures.ts";
import { SIGSTORE_ROOT } from "../sigstore_root.ts";
import type { Version } from "../../version/version.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { findDistrustDown } from "../../files/steps/distrust.ts";

export type SignatureState =
  | { readonly kind: "verified" }
  /** None was checked when it was installed. */
  | { readonly kind: "none" }
  /** `reason` follows "its signature". */
  | { readonly kind: "invalid"; readonly reason: string };

/** Of a kubectl in kuberlr's own folder. */
export async function recheckSignature(
  { path, version }: { readonly path: string; readonly version: Version },
  layout: Pick<Layout, "root" | "receipts">,
  host: Pick<Host, "platform" | "files" | "signatures">,
  trust: SigstoreTrust = SIGSTORE_ROOT,
): Promise<SignatureState> {
  if (findDistrustDown(layout.receipts, layout.root, host) !== undefined) return { kind: "none" };
  const text = orUndefined(() =>
    readOwnText(bundlePath(layout, host.platform, version), host.files)
  );
  if (text === undefined) return { kind: "none" };
  const bundle = parseBundle(text);
  if (bundle === undefined) return { kind: "invalid", reason: "was not kept as it was written" };
  const bytes = orUndefined(() => host.files.readBytes(path));
  if (bytes === undefined) return { kind: "invalid", reason: "is of a file that cannot be read" };
  const { findSignatureFlaw } = await import("./verify_signature.ts");
  const reason = await findSignatureFlaw(bytes, bundle, trust, host);
  return reason === undefined ? { kind: "verified" } : { kind: "invalid", reason };
}
