/**
 * The progress of a download for people: a bar on a terminal, lines elsewhere.
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
 * Returns one line without its line end. It is shorter than the terminal is wide, so that the next
 * one can be drawn over it.
 */
export function renderBar(transfer: Transfer, columns: number | undefined): string {
  const { title, receivedBytes, totalBytes, elapsedMs } = transfer;
  // Some terminals report a width of 0 columns.
  const room = (columns || 80) - 1;
  const speed = elapsedMs < 500 ? "" : `  ${formatSize(receivedBytes / (elapsedMs / 1000))}/s`;
  if (totalBytes === undefined || totalBytes === 0) {
    return fit([`${title}  ${formatSize(receivedBytes)}${speed}`, formatSize(receivedBytes)], room);
  }
  const part = Math.min(1, receivedBytes / totalBytes);
  const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
  const size = `${formatSize(receivedBytes)} of ${formatSize(totalBytes)}`;
  // The widths are those of the longest texts, so that the bar keeps its length.
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

/** Returns `57.3 MB in 2.1 s`. */
export function renderResult({ receivedBytes, elapsedMs }: Omit<Transfer, "title">): string {
  return `${formatSize(receivedBytes)} in ${(elapsedMs / 1000).toFixed(1)} s`;
}

/** Returns a size in decimal units: `999 B`, `57 kB`, `57.3 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Returns the first text that fits; an empty one if none does. */
function fit(lines: readonly string[], room: number): string {
  return lines.find(({ length }) => length <= room) ?? "";
}
