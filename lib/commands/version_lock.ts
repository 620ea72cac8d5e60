/**
 * The format of the file of `kuberlr get --lock`. Each line has the release and the digest that a
 * version stands for.
 *
 * ```text
 * 1.30  1.30.14  linux/amd64  sha256:7cca…
 * ```
 *
 * @module
 */

export interface LockEntry {
  /** The version that was asked for: `1.30`, `stable`. */
  readonly wanted: string;
  /** The release that it stands for: `1.30.14`. */
  readonly version: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** The kubectl's digest in lower-case hex. */
  readonly sha256: string;
}

const HEAD = "# kubectls, written by kuberlr get --lock: asked for, release, platform, digest";
const LINE =
  /^(\S+)\s+(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)\s+(\w+\/\w+)\s+sha256:([0-9a-f]{64})$/;

/** @returns the entries, or the number (from 1) of the first line that is not one */
export function parseLock(text: string): readonly LockEntry[] | number {
  const entries: LockEntry[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [, wanted, version, platform, sha256] = LINE.exec(trimmed) ?? [];
    if (!wanted || !version || !platform || !sha256) return index + 1;
    entries.push({ wanted, version, platform, sha256 });
  }
  return entries;
}

/** Returns sorted lines, so that a version control system shows only what has changed. */
export function formatLock(entries: readonly LockEntry[]): string {
  const lines = entries.map(({ wanted, version, platform, sha256 }) =>
    `${wanted}  ${version}  ${platform}  sha256:${sha256}`
  );
  return [HEAD, ...lines.toSorted(), ""].join("\n");
}

export function findEntry(
  entries: readonly LockEntry[],
  wanted: string,
  platform: string,
): LockEntry | undefined {
  return entries.find((entry) => entry.wanted === wanted && entry.platform === platform);
}
