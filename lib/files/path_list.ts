/**
 * Lists of paths in a variable: PATH, KUBECONFIG.
 *
 * Source: Go, path/filepath.SplitList.
 *
 * @module
 */
import { listSeparator, type Platform } from "../platform.ts";

/** Returns the entries of the list; on Unix also the empty ones. */
export function splitList(platform: Platform, list: string): readonly string[] {
  if (platform.os !== "windows") return list.split(listSeparator(platform));
  // A separator in quotes is part of a path.
  return (list.match(/(?:"[^"]*(?:"|$)|[^";])+/g) ?? []).map((path) => path.replaceAll('"', ""));
}
