/**
 * The receipt of a kubectl that kuberlr installed: where it came from, its hash, and its stat. So
 * one `stat` verifies a kubectl before it runs. A file is hashed again only if its stat has
 * changed.
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
  /** The platform of the bytes; it differs from this machine's where that platform is emulated. */
  readonly platform: string;
  /** The URL without credentials. */
  readonly url: string;
  readonly algorithm: HashAlgorithm;
  /** Lower-case hex. */
  readonly hash: string;
  /** The source of the hash: the digests in kuberlr, or the mirror's checksum file. */
  readonly digestFrom: "pinned" | "mirror";
  readonly installedAtMs: number;
  readonly file: Fingerprint;
}

/**
 * The stat of the file when it was verified. A program cannot set the change time (ctime), so an
 * overwritten file is noticed even if its size and modification time are restored.
 */
export interface Fingerprint {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** Returns for example the path of `1.30.2.json`, a name that is never taken for a kubectl. */
export function receiptPath(
  layout: Pick<Layout, "receipts">,
  platform: Platform,
  version: Version,
): string {
  return joinPath(platform, layout.receipts, `${formatVersion(version)}.json`);
}

/**
 * Returns the path of a renewed receipt for a kubectl in another place, which cannot be written to.
 * The name holds a hash of the kubectl's path.
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

/** Returns `undefined` for a text that {@linkcode formatReceipt} cannot have written. */
export function parseReceipt(text: string): Receipt | undefined {
  const value = parseJsonObject(text);
  if (value === undefined || !isObject(value.file)) return undefined;
  const { platform, url, algorithm, hash, digestFrom, file } = value;
  const version = typeof value.version === "string" ? parseVersion(value.version) : undefined;
  const installedAtMs = typeof value.installedAt === "string" ? Date.parse(value.installedAt) : NaN;
  const { size, mtimeMs, ctimeMs, ino } = file;
  if (
    version === undefined || Number.isNaN(installedAtMs) || typeof platform !== "string" ||
    typeof url !== "string" || !isHashAlgorithm(algorithm) || typeof hash !== "string" ||
    !isHashOf(algorithm, hash) || (digestFrom !== "pinned" && digestFrom !== "mirror") ||
    typeof size !== "number" || typeof mtimeMs !== "number" || typeof ctimeMs !== "number" ||
    typeof ino !== "number"
  ) return undefined;
  return {
    version,
    platform,
    url,
    algorithm,
    hash,
    digestFrom,
    installedAtMs,
    file: { size, mtimeMs, ctimeMs, ino },
  };
}

export function fingerprintOf({ size, mtimeMs, ctimeMs, ino }: FileStat): Fingerprint {
  return { size, mtimeMs, ctimeMs, ino };
}

/**
 * Compares a file with its receipt, as far as `stat` tells. For `touched`, the hash must decide.
 */
export function compareReceipt({ file }: Receipt, stat: FileStat): "same" | "touched" | "changed" {
  if (stat.size !== file.size) return "changed";
  const { mtimeMs, ctimeMs, ino } = fingerprintOf(stat);
  return mtimeMs === file.mtimeMs && ctimeMs === file.ctimeMs && ino === file.ino
    ? "same"
    : "touched";
}
