/**
 * A download, as one sees it: a bar on a terminal, lines elsewhere.
 *
 * @module
 */

export interface Transfer {
  /** `kubectl 1.30.2`. */
  readonly title: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  readonly elapsedMs: number;
}

/**
 * On one line, without its end; shorter than the terminal is wide, so that the next one can be
 * drawn over it.
 */
export function renderBar(transfer: Transfer, columns: number | undefined): string {
  const { title, receivedBytes, totalBytes, elapsedMs } = transfer;
  // Some terminals say that they are 0 columns wide.
  const room = (columns || 80) - 1;
  const speed = elapsedMs < 500 ? "" : `  ${formatSize(receivedBytes / (elapsedMs / 1000))}/s`;
  if (totalBytes === undefined || totalBytes === 0) {
    return fit([`${title}  ${formatSize(receivedBytes)}${speed}`, formatSize(receivedBytes)], room);
  }
  const part = Math.min(1, receivedBytes / totalBytes);
  const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
  const size = `${formatSize(receivedBytes)} of ${formatSize(totalBytes)}`;
  // As if everything were as long as it gets: the bar does not change its length while it fills.
  const whole = formatSize(totalBytes);
  const reserved = `${title}  []  100 %  ${whole} of ${whole}  99.9 MB/s`;
  const width = Math.min(30, room - reserved.length);
  const filled = Math.round(part * width);
  return fit([
    ...(width < 8 ? [] : [
      `${title}  [${"#".repeat(filled)}${"-".repeat(width - filled)}]  ${percent}  ${size}${speed}`,
    ]),
    `${title}  ${percent}  ${size}`,
    `${title}  ${percent}`,
    percent.trim(),
  ], room);
}

/** `57.3 MB in 2.1 s`. */
export function renderResult({ receivedBytes, elapsedMs }: Omit<Transfer, "title">): string {
  return `${formatSize(receivedBytes)} in ${(elapsedMs / 1000).toFixed(1)} s`;
}

/** In the units of disks and networks: powers of ten. */
export function formatSize(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The first that fits, if any does. */
function fit(lines: readonly string[], room: number): string {
  return lines.find(({ length }) => length <= room) ?? "";
}
