/**
 * The receipt of a kubectl that kuberlr installed: where it came from, and its hashes. It knows the
 * file's stat, too, so that a kubectl is verified by one `stat` before it runs. Only a file that
 * has been touched since is hashed again.
 *
 * @module
 */
import type { FileStat } from "../ports/files.ts";
import type { Layout } from "../files/layout.ts";
import { isObject, parseJsonObject } from "../encoding/json.ts";
import { hashContent } from "../encoding/hash.ts";
import { joinPath, type Platform } from "../platform.ts";
import { type HashAlgorithm, isHashAlgorithm, isHashOf } from "../encoding/hash_algorithms.ts";
import { formatVersion, parseVersion, type Version } from "../version/version.ts";

export interface Receipt {
  readonly version: Version;
  /** Whose bytes they are, which is another platform than ours where that one is emulated. */
  readonly platform: string;
  /** Without credentials. */
  readonly url: string;
  readonly algorithm: HashAlgorithm;
  /** Lower-case hex. */
  readonly hash: string;
  /**
   * The source that it was verified against: the digests in kuberlr, or the mirror's checksum file.
   */
  readonly digestFrom: "pinned" | "mirror";
  readonly installedAtMs: number;
  readonly file: Fingerprint;
}

/**
 * The file as it was when it was known to be right. Nobody can set the change time, so bytes that
 * are overwritten in place show even if their size and modification time are put back.
 */
export interface Fingerprint {
  readonly size: number;
  readonly mtimeMs: number;
  /** -1 in the receipts of older releases, which did not know it: such a file is hashed once. */
  readonly ctimeMs: number;
  readonly ino: number;
}

/** `1.30.2.json`, which nobody takes for a kubectl. */
export function receiptPath(
  layout: Pick<Layout, "receipts">,
  platform: Platform,
  version: Version,
): string {
  return joinPath(platform, layout.receipts, `${formatVersion(version)}.json`);
}

/**
 * Where the receipt of a kubectl in another place is kept, renewed, if nothing can be written
 * there. The name says which file it is about.
 */
export function renewedReceiptPath(
  keep: Pick<Layout, "receipts">,
  platform: Platform,
  path: string,
): string {
  return joinPath(platform, keep.receipts, `elsewhere-${hashContent(path)}.json`);
}

export function formatReceipt({ version, installedAtMs, ...receipt }: Receipt): string {
  return JSON.stringify(
    {
      version: formatVersion(version),
      ...receipt,
      installedAt: new Date(installedAtMs).toISOString(),
    },
    undefined,
    2,
  ) + "\n";
}

/** `undefined` for what {@linkcode formatReceipt} cannot have written: no receipt. */
export function parseReceipt(text: string): Receipt | undefined {
  const value = parseJsonObject(text);
  if (value === undefined || !isObject(value.file)) return undefined;
  const { platform, url, algorithm, hash, digestFrom, file } = value;
  const version = typeof value.version === "string" ? parseVersion(value.version) : undefined;
  const installedAtMs = typeof value.installedAt === "string" ? Date.parse(value.installedAt) : NaN;
  const { size, mtimeMs, ctimeMs = -1, ino } = file;
  if (
    version === undefined || Number.isNaN(installedAtMs) || typeof platform !== "string" ||
    typeof url !== "string" || !isHashAlgorithm(algorithm) || typeof hash !== "string" ||
    !isHashOf(algorithm, hash) ||
    typeof size !== "number" || typeof mtimeMs !== "number" || typeof ctimeMs !== "number" ||
    typeof ino !== "number"
  ) return undefined;
  return {
    version,
    platform,
    url,
    algorithm,
    hash,
    // Receipts of kuberlr without digests say nothing.
    digestFrom: digestFrom === "pinned" ? "pinned" : "mirror",
    installedAtMs,
    file: { size, mtimeMs, ctimeMs, ino },
  };
}

export function fingerprintOf({ size, mtimeMs, ctimeMs, ino }: FileStat): Fingerprint {
  return { size, mtimeMs, ctimeMs, ino };
}

/**
 * Whether a file is the one of the receipt, as far as `stat` tells: `touched` may be, its hash must
 * say.
 */
export function compareReceipt({ file }: Receipt, stat: FileStat): "same" | "touched" | "changed" {
  if (stat.size !== file.size) return "changed";
  const { mtimeMs, ctimeMs, ino } = fingerprintOf(stat);
  return mtimeMs === file.mtimeMs && ctimeMs === file.ctimeMs && ino === file.ino
    ? "same"
    : "touched";
}
