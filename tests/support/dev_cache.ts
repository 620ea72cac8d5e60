/**
 * Where what developers fetch once is kept: XDG's rule, macOS', Windows'. All of it may be deleted
 * at any time.
 *
 * @module
 */

/** `undefined` where neither HOME nor its like is set. */
export function devCache(): string | undefined {
  const home = Deno.env.get("HOME") || Deno.env.get("USERPROFILE");
  const base = Deno.build.os === "windows"
    ? Deno.env.get("LOCALAPPDATA")
    : Deno.build.os === "darwin"
    ? home && `${home}/Library/Caches`
    : Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  return base ? `${base}/kuberlr-dev` : undefined;
}
