/**
 * Decides whether a kubectl may be run: it must be the file that was installed, and no other user
 * may be able to change it. One `stat` is enough if the file was not touched; otherwise it is
 * hashed.
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
  renewedReceiptPath,
} from "../receipt.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { findDistrustBelowRoot, findFileDistrust } from "../../files/steps/distrust.ts";
import { writeOwnText } from "../../files/steps/write_own.ts";

export type Provenance =
  | { readonly kind: "installed"; readonly receipt: Receipt }
  /** There is no receipt: the user has put it there. It is run, and never removed. */
  | { readonly kind: "dropped-in" }
  /** The bytes are not those that were verified: it is not run. */
  | { readonly kind: "changed"; readonly receipt: Receipt };

export interface WhereInstalled {
  /** The trusted place that holds the kubectl. */
  readonly place: Layout;
  /** The place that is written to, if it is another one. */
  readonly keep?: Layout | undefined;
}

/** Compares a kubectl in one of kuberlr's own folders with its receipt. */
export async function verifyInstalled(
  { path, version }: Pick<Binary, "path" | "version">,
  { place, keep = place }: WhereInstalled,
  host: Pick<Host, "platform" | "files" | "store">,
): Promise<Provenance> {
  const { platform, files } = host;
  const own = receiptPath(place, platform, version);
  const receipt = readReceipt(own, place, host);
  const stat = orUndefined(() => files.stat(path));
  if (receipt === undefined || stat === undefined) return { kind: "dropped-in" };
  const comparison = compareReceipt(receipt, stat);
  if (comparison === "same") return { kind: "installed", receipt };
  if (comparison === "changed") return { kind: "changed", receipt };

  // Root has put it there, for example in an image or by a package, and this user cannot have
  // changed it.
  const isSystems = stat.uid === 0 && files.userId() !== 0 && (stat.mode & 0o022) === 0;
  if (isSystems && platform.os !== "windows") return { kind: "installed", receipt };

  const elsewhere = renewedReceiptPath(keep, platform, path);
  const renewed = keep.root === place.root ? undefined : readReceipt(elsewhere, keep, host);
  if (
    renewed !== undefined && renewed.hash === receipt.hash &&
    renewed.algorithm === receipt.algorithm && compareReceipt(renewed, stat) === "same"
  ) return { kind: "installed", receipt: renewed };

  if (await findHash(path, receipt, host.store) !== receipt.hash) {
    return { kind: "changed", receipt };
  }
  // The file was copied, restored from a backup or touched: with a new receipt, one stat is enough
  // again.
  const again: Receipt = { ...receipt, file: fingerprintOf(stat) };
  if (!writeReceipt(own, again, place, host) && keep.root !== place.root) {
    writeReceipt(elsewhere, again, keep, host);
  }
  return { kind: "installed", receipt: again };
}

function readReceipt(
  path: string,
  place: Layout,
  host: Pick<Host, "platform" | "files" | "store">,
): Receipt | undefined {
  const text = orUndefined(() => readOwnText(path, "receipt", host.files));
  // A missing receipt is enough to know, so the folders do not become facts of a memo.
  if (text === undefined) return undefined;
  if (findDistrustBelowRoot(place.receipts, place.root, host) !== undefined) return undefined;
  return parseReceipt(text);
}

/** Returns true if the receipt could be written. */
export function writeReceipt(
  path: string,
  receipt: Receipt,
  place: Layout,
  host: Pick<Host, "files" | "platform">,
): boolean {
  return orUndefined(() => {
    writeOwnText(path, formatReceipt(receipt), place, host);
    return true;
  }) ?? false;
}

/**
 * Returns why a kubectl in kuberlr's own folder must not be run, to follow its name in a sentence.
 * `findPlaces` has found its place to be trusted. The folders above are not facts of a memo,
 * because every command that follows a memo checks them itself.
 */
export async function findObjection(
  binary: Pick<Binary, "path" | "version">,
  where: WhereInstalled,
  host: Pick<Host, "platform" | "files" | "store">,
): Promise<string | undefined> {
  const { root, binaries } = where.place;
  const folder = findDistrustBelowRoot(binaries, root, host);
  if (folder !== undefined) return `is in a folder that ${folder.reason}`;
  const distrust = findFileDistrust(binary.path, binaries, host);
  if (distrust !== undefined) return distrust;
  const { kind } = await verifyInstalled(binary, where, host);
  return kind === "changed" ? "is no longer what was downloaded" : undefined;
}

/**
 * Returns why a kubectl of `SystemPath` must not be run: `reason` follows its name in a sentence,
 * and `open` is what every user can write. The administrator decides about its owner and its links.
 */
export function findSystemObjection(
  path: string,
  { files }: Pick<Host, "files">,
): { readonly open: string; readonly reason: string } | undefined {
  const isOpen = (each: string) => ((orUndefined(() => files.stat(each))?.mode ?? 0) & 0o002) !== 0;
  if (isOpen(path)) return { open: path, reason: "can be written by every user" };
  const folder = folderOf(path);
  // The sticky bit keeps other users from replacing a file, but not from adding one.
  return isOpen(folder)
    ? { open: folder, reason: "is in a folder that every user can write" }
    : undefined;
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
