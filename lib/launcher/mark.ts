/**
 * How a file is known that `kuberlr link` wrote.
 *
 * @module
 */

/** In every script of `kuberlr link`; on Unix the version of the kuberlr that wrote it follows. */
export const LAUNCHER_MARK = `made by "kuberlr link"`;

/** The version in a script's text; `undefined` for a script of old, or of somebody else. */
export function launcherVersionOf(text: string): string | undefined {
  const start = text.indexOf(`# ${LAUNCHER_MARK}, `);
  if (start < 0) return undefined;
  const from = start + LAUNCHER_MARK.length + 4;
  return text.slice(from, text.indexOf("\n", from));
}
