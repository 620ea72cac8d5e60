/**
 * The folder that `--dir` names.
 *
 * @module
 */
import { isAbsolutePath, joinPath, type Platform } from "../platform.ts";
import type { Host } from "../ports/host.ts";

/**
 * Returns the folder without a separator at its end. It is absolute, unless the working directory
 * is unknown.
 */
export function resolveFolder(
  folder: string,
  { platform, program }: Pick<Host, "platform" | "program">,
): string {
  const cwd = program.cwd();
  const isWhole = isAbsolutePath(platform, folder) || cwd === undefined;
  return withoutSeparator(platform, isWhole ? folder : joinPath(platform, cwd, folder));
}

/** Returns the path without a separator at its end; only Windows separates by backslashes, too. */
export function withoutSeparator({ os }: Platform, path: string): string {
  return path.replace(os === "windows" ? /(?<=.)[\\/]$/ : /(?<=.)\/$/, "");
}
