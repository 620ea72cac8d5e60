/**
 * Archives whose bytes depend only on their content: without owners, with the same time for all
 * entries, and in the given order.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar)
 * @module
 */
import { zipSync } from "fflate";

export interface ArchiveEntry {
  /** At most 100 bytes, with slashes; the path of a folder ends in one. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** @param epochSeconds the time of every entry */
export async function tarGz(
  entries: readonly ArchiveEntry[],
  epochSeconds: number,
): Promise<Uint8Array> {
  const parts = entries.flatMap(({ path, mode, bytes }) => [
    tarHeader(path, mode, bytes.length, epochSeconds),
    bytes,
    new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK),
  ]);
  const tar = new Blob([...parts, new Uint8Array(2 * BLOCK)] as Uint8Array<ArrayBuffer>[]);
  const zipped = tar.stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(zipped).bytes();
}

/** A zip holds local time without a zone. So every entry has noon, local time, of its UTC date. */
export function zip(entries: readonly ArchiveEntry[], epochSeconds: number): Uint8Array {
  const utc = new Date(epochSeconds * 1000);
  const mtime = new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), 12);
  return zipSync(
    Object.fromEntries(
      entries.map(({ path, mode, bytes }) => [path, [bytes, { os: 3, attrs: mode << 16 }]]),
    ),
    { mtime },
  );
}

function tarHeader(path: string, mode: number, size: number, epochSeconds: number): Uint8Array {
  if (path.length > 100) throw new Error(`Cannot archive "${path}": the name is too long`);
  const header = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  put(0, path);
  put(100, octal(mode, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(epochSeconds, 11));
  put(148, " ".repeat(8));
  put(156, path.endsWith("/") ? "5" : "0");
  put(257, "ustar\x0000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}
