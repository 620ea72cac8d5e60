/**
 * The folder that `--dir` names.
 *
 * @module
 */
import { isAbsolutePath, joinPath } from "../platform.ts";
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
  return withoutSeparator(isWhole ? folder : joinPath(platform, cwd, folder));
}

/** Returns the path without a separator at its end. */
export function withoutSeparator(path: string): string {
  return path.replace(/(?<=.)[\\/]$/, "");
}
