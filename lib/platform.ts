/**
 * The operating system and architecture in Go's words, and the rules that follow from them. They
 * are values, so that the rules of Windows can be read and tested anywhere.
 *
 * @module
 */

export type Goos = "linux" | "darwin" | "windows";
export type Goarch = "amd64" | "arm64";

export interface Platform {
  readonly os: Goos;
  readonly arch: Goarch;
}

/** Returns for example `linux-amd64`, as Go kuberlr names its folder. */
export function formatPlatform({ os, arch }: Platform): string {
  return `${os}-${arch}`;
}

export function isSamePlatform(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.arch === b.arch;
}

export function executableSuffix({ os }: Platform): "" | ".exe" {
  return os === "windows" ? ".exe" : "";
}

/** Returns the separator of the entries of PATH and KUBECONFIG. */
export function listSeparator({ os }: Platform): ":" | ";" {
  return os === "windows" ? ";" : ":";
}

/** Joins the parts with the platform's separator and normalizes nothing. */
export function joinPath({ os }: Platform, ...parts: readonly string[]): string {
  return parts.join(os === "windows" ? "\\" : "/");
}

/**
 * Returns true for a path that begins with a slash; on Windows, with a drive and a slash, or with
 * two slashes (UNC).
 */
export function isAbsolutePath({ os }: Platform, path: string): boolean {
  return os === "windows" ? /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(path) : path.startsWith("/");
}

/**
 * Returns everything before the last separator of either kind, the root with its slash, `""` for a
 * bare name.
 */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return path.slice(0, end === 0 ? 1 : Math.max(end, 0));
}
