/**
 * Lists of paths in a variable: PATH, KUBECONFIG.
 *
 * Source: Go, path/filepath.SplitList.
 *
 * @module
 */
import { listSeparator, type Platform } from "../platform.ts";

/** Its entries; on Unix those that are empty, too. */
export function splitList(platform: Platform, list: string): readonly string[] {
  if (platform.os !== "windows") return list.split(listSeparator(platform));
  // A separator within quotes does not separate.
  return (list.match(/(?:"[^"]*(?:"|$)|[^";])+/g) ?? []).map((path) => path.replaceAll('"', ""));
}
