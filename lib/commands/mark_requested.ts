/**
 * Marks kubectls that the user has asked for by name, so that `kuberlr prune` keeps them. The mark
 * is a file beside the receipt; losing it costs another download.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import { writeOwnText } from "../files/steps/write_own.ts";
import type { Layout } from "../files/layout.ts";
import { joinPath, type Platform } from "../platform.ts";
import type { Host } from "../ports/host.ts";

/** @param version `1.30.2` */
export function markRequested(
  version: string,
  layout: Layout,
  host: Pick<Host, "platform" | "files">,
): void {
  const path = markPath(version, layout, host.platform);
  orUndefined(() => writeOwnText(path, "", layout, host));
}

/** @param version `1.30.2` */
export function wasRequested(
  version: string,
  layout: Layout,
  { platform, files }: Pick<Host, "platform" | "files">,
): boolean {
  return orUndefined(() => files.stat(markPath(version, layout, platform)))?.kind === "file";
}

/** Returns the path of `1.30.2.asked` in the folder of receipts. */
export function markPath(
  version: string,
  { receipts }: Pick<Layout, "receipts">,
  platform: Platform,
): string {
  return joinPath(platform, receipts, `${version}.asked`);
}
