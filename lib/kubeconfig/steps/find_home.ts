/**
 * kubectl's home: a variable on Unix, on Windows a search.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findKubectlHome, type HomeChecks, inHome } from "../location.ts";

/** `""` where there is none: kubectl looks below the working directory then. */
export function findHomeOfKubectl(host: Pick<Host, "env" | "files" | "platform">): string {
  return findKubectlHome(host.platform, (name) => host.env.get(name), homeChecks(host));
}

function homeChecks({ files, platform }: Pick<Host, "env" | "files" | "platform">): HomeChecks {
  const find = (path: string) => orUndefined(() => files.stat(path));
  return {
    hasKubeconfig: (home) => find(inHome(platform, home, "config")) !== undefined,
    exists: (home) => find(home) !== undefined,
    isWritable: (home) => {
      const folder = find(home);
      // Where a platform tells no permission bits, nothing is read-only.
      return folder?.kind === "directory" && (folder.mode === 0 || (folder.mode & 0o200) !== 0);
    },
  };
}
