/**
 * Reads the receipt of a kubectl in kuberlr's own folder.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Layout } from "../../files/layout.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import type { Host } from "../../ports/host.ts";
import type { Binary } from "../binaries.ts";
import { compareReceipt, parseReceipt, type Receipt, receiptPath } from "../receipt.ts";

/**
 * Returns `undefined` if there is no receipt that this user has written, or if it is about another
 * file.
 */
export function loadReceipt(
  { path, version }: Pick<Binary, "path" | "version">,
  layout: Pick<Layout, "receipts">,
  { platform, files }: Pick<Host, "platform" | "files">,
): Receipt | undefined {
  const notes = receiptPath(layout, platform, version);
  const text = orUndefined(() => readOwnText(notes, "receipt", files));
  const receipt = text === undefined ? undefined : parseReceipt(text);
  const stat = orUndefined(() => files.stat(path));
  if (receipt === undefined || stat === undefined) return undefined;
  return compareReceipt(receipt, stat) === "changed" ? undefined : receipt;
}
