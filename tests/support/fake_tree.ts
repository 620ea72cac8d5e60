/**
 * A tree of folders, files and links with owners and modes, for tests of who can write what.
 *
 * @module
 */
import { HostError } from "../../lib/errors.ts";
import type { Files, FileStat } from "../../lib/ports/files.ts";

/** The user that kuberlr runs as. */
export const ME = 1000;
export const STRANGER = 1001;

type Entry = Partial<Pick<FileStat, "kind" | "uid" | "mode">> & {
  /** Where a link leads. */
  readonly to?: string;
};

/** Entries by their paths. Folders that are not named belong to root. */
export type Tree = Readonly<Record<string, Entry>>;

/** The files of a tree. Nothing in a folder that is named `closed` can be looked at. */
export function treeHost(tree: Tree) {
  const paths = Object.keys(tree);
  const entryAt = (path: string): Entry | undefined =>
    tree[path] ??
      (path === "/" || paths.some((each) => each.startsWith(`${path}/`)) ? {} : undefined);
  const realPath = (path: string): string | undefined => {
    let real = "";
    for (const part of path.split("/").slice(1)) {
      const entry = entryAt(`${real}/${part}`);
      if (entry === undefined) return undefined;
      real = entry.to === undefined ? `${real}/${part}` : realPath(entry.to) ?? "";
      if (real === "") return undefined;
    }
    return real;
  };
  const files = {
    userId: () => ME,
    lstat(path: string): FileStat | undefined {
      if (path.includes("closed/")) throw new HostError("EACCES", path, "permission denied");
      const above = path.slice(0, path.lastIndexOf("/"));
      const entry = entryAt(above === "" ? path : `${realPath(above)}${path.slice(above.length)}`);
      if (entry === undefined) return undefined;
      const { to, kind = to === undefined ? "directory" : "link", uid = 0, mode = 0o755 } = entry;
      return { kind, uid, mode, dev: 1, ino: 1, size: 1, mtimeMs: 0, ctimeMs: 0 };
    },
    realPath,
  };
  return {
    files: files as Partial<Files> as Files,
    platform: { os: "linux", arch: "amd64" } as const,
  };
}
