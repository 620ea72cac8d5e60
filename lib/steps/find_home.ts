/**
 * kubectl's home: a variable on Unix, on Windows a search.
 *
 * @module
 */
import { tolerate } from "../errors.ts";
import type { Host } from "../host.ts";
import { findKubectlHome, inHome } from "../kubeconfig_location.ts";

/** `""` where there is none: kubectl looks below the working directory then. */
export function findHome(
  { env, files, platform }: Pick<Host, "env" | "files" | "platform">,
): string {
  return findKubectlHome(platform, (name) => env.get(name), (folder) => {
    const stat = tolerate(() => files.stat(folder));
    const isFolder = stat?.kind === "directory";
    return {
      hasKubeconfig: tolerate(() => files.stat(inHome(platform, folder, "config"))) !== undefined,
      exists: isFolder,
      // Where there are no permission bits, nothing says that it is read-only.
      writable: isFolder && (stat.mode === 0 || (stat.mode & 0o200) !== 0),
    };
  });
}
