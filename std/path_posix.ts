/**
 * The part of `@std/path/posix` that kuberlr uses, with the same names and signatures.
 *
 * @module
 */

/**
 * Returns the path without `.`, `..` and repeated slashes; links are not followed. A slash at the
 * end stays.
 */
export function normalize(path: string): string {
  if (path === "") return ".";
  const absolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  if (kept.length === 0) return absolute ? "/" : path.endsWith("/") ? "./" : ".";
  return (absolute ? "/" : "") + kept.join("/") + (path.endsWith("/") ? "/" : "");
}

export function join(...paths: string[]): string {
  return normalize(paths.filter((path) => path !== "").join("/"));
}

/** Returns everything before the last part, unchanged. */
export function dirname(path: string): string {
  const trimmed = path.replace(/(?<=[^/])\/+$/, "");
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return trimmed.slice(0, slash) || "/";
}
