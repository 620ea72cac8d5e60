/**
 * The cache directory of developers' downloads, by the rules of XDG, macOS and Windows. Everything
 * in it may be deleted at any time.
 *
 * @module
 */

/** Returns `undefined` if neither HOME nor its equivalent is set. */
export function devCache(): string | undefined {
  const home = Deno.env.get("HOME") || Deno.env.get("USERPROFILE");
  const base = Deno.build.os === "windows"
    ? Deno.env.get("LOCALAPPDATA")
    : Deno.build.os === "darwin"
    ? home && `${home}/Library/Caches`
    : Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  return base ? `${base}/kuberlr-dev` : undefined;
}
