/**
 * The mark by which a script of `kuberlr link` is recognized.
 *
 * @module
 */

/** Every script of `kuberlr link` has it; on Unix, the version of kuberlr follows it. */
export const LAUNCHER_MARK = `made by "kuberlr link"`;

/** Returns the version in a script's text; `undefined` if it has no mark or no version. */
export function launcherVersionOf(text: string): string | undefined {
  const start = text.indexOf(`# ${LAUNCHER_MARK}, `);
  if (start < 0) return undefined;
  const from = start + LAUNCHER_MARK.length + 4;
  return text.slice(from, text.indexOf("\n", from));
}
