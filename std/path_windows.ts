/**
 * The part of `@std/path/windows` that kuberlr uses, with the same names and signatures. It is for
 * absolute paths, with a drive or a share.
 *
 * @module
 */
import { normalize as normalizePosix } from "./path_posix.ts";

/** Returns the path with backslashes only, and without `.`, `..` and repeated ones. */
export function normalize(path: string): string {
  const { root, rest } = split(path);
  return root + normalizePosix(`/${rest.replaceAll("\\", "/")}`).slice(1).replaceAll("/", "\\");
}

export function join(...paths: string[]): string {
  return normalize(paths.filter((path) => path !== "").join("\\"));
}

/** Returns everything before the last part, unchanged. */
export function dirname(path: string): string {
  const { length } = path.match(ROOT)?.[0] ?? "";
  const rest = path.slice(length).replace(/[\\/]$/, "");
  const last = Math.max(rest.lastIndexOf("\\"), rest.lastIndexOf("/"));
  return path.slice(0, length) + rest.slice(0, Math.max(last, 0));
}

/** Matches `C:\` or `\\server\share\`. */
const ROOT = /^(?:[\\/]{2}[^\\/]+[\\/]+[^\\/]+[\\/]*|[A-Za-z]:[\\/]+)/;

function split(path: string): { root: string; rest: string } {
  const found = path.match(ROOT)?.[0] ?? "";
  const rest = path.slice(found.length);
  const share = found.match(/^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/);
  if (share !== null) return { root: `\\\\${share[1]}\\${share[2]}\\`, rest };
  return { root: `${found.slice(0, 2)}\\`, rest };
}
