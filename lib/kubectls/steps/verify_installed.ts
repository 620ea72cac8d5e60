/**
 * Whether a kubectl is still what was installed. One `stat` where nobody has touched it; else its hash.
 *
 * @module
 */
import type { Binary } from "../binaries.ts";
import { HostError, orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { folderOf } from "../../platform.ts";
import {
  compareReceipt,
  fingerprintOf,
  formatReceipt,
  parseReceipt,
  type Receipt,
  receiptPath,
} from "../receipt.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { findDistrustDown, findDistrustOf } from "../../files/steps/distrust.ts";

/** `dropped-in`: without a receipt, put there by somebody else; run as it is, and never removed. */
export type Provenance =
  | { readonly kind: "installed"; readonly receipt: Receipt }
  | { readonly kind: "dropped-in" }
  /** Not the bytes that were verified: not to be run. */
  | { readonly kind: "changed"; readonly receipt: Receipt };

type Ports = Pick<Host, "platform" | "files" | "store">;

/** Of a kubectl in kuberlr's own folder. */
export async function verifyInstalled(
  { path, version }: Pick<Binary, "path" | "version">,
  layout: Pick<Layout, "root" | "receipts">,
  { platform, files, store }: Ports,
): Promise<Provenance> {
  const notes = receiptPath(layout, platform, version);
  const text = orUndefined(() => readOwnText(notes, files));
  const receipt = text === undefined ? undefined : parseReceipt(text);
  const stat = orUndefined(() => files.stat(path));
  if (receipt === undefined || stat === undefined) return { kind: "dropped-in" };
  switch (compareReceipt(receipt, stat)) {
    case "same":
      return { kind: "installed", receipt };
    case "changed":
      return { kind: "changed", receipt };
    case "touched": {
      if (await findHash(path, receipt, store) !== receipt.hash) {
        return { kind: "changed", receipt };
      }
      // Copied, restored from a backup, touched: next time one stat will do again.
      const renewed: Receipt = { ...receipt, file: fingerprintOf(stat) };
      if (findDistrustDown(layout.receipts, layout.root, { platform, files }) === undefined) {
        orUndefined(() => files.writeAtomically(notes, formatReceipt(renewed), 0o600));
      }
      return { kind: "installed", receipt: renewed };
    }
  }
}

/** Why a kubectl in kuberlr's own folder must not be run, to follow its name in a sentence. */
export async function findObjection(
  binary: Pick<Binary, "path" | "version">,
  layout: Layout,
  ports: Ports,
): Promise<string | undefined> {
  const folder = findDistrustOf(layout.root, undefined, ports) ??
    findDistrustOf(layout.binaries, layout.root, ports);
  if (folder !== undefined) return `is in a folder that ${folder}`;
  const distrust = findDistrustOf(binary.path, layout.binaries, ports);
  if (distrust !== undefined) return distrust;
  const { kind } = await verifyInstalled(binary, layout, ports);
  return kind === "changed" ? "no longer what was downloaded" : undefined;
}

/**
 * Why a kubectl of `SystemPath` must not be run, to follow its name in a sentence. Its owner and where its links lead are
 * the administrator's affair; what every user can write is nobody's.
 */
export function findSystemObjection(
  path: string,
  { files }: Pick<Ports, "files">,
): string | undefined {
  const isOpen = (each: string) => ((orUndefined(() => files.stat(each))?.mode ?? 0) & 0o002) !== 0;
  if (isOpen(path)) return "can be written by every user";
  const folder = folderOf(path);
  // The sticky bit keeps others from replacing a file, but not from adding one.
  return isOpen(folder || "/") ? "is in a folder that every user can write" : undefined;
}

async function findHash(
  path: string,
  { algorithm }: Receipt,
  store: Host["store"],
): Promise<string | undefined> {
  try {
    return await store.hashFile(path, algorithm);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
