/**
 * Finds kubectl's home directory: on Unix from a variable, on Windows by looking at several
 * folders.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findKubectlHome, type HomeChecks, inHome } from "../location.ts";

/** Returns `""` if there is none; kubectl then looks below the working directory. */
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
      // A mode of 0 means that the platform does not tell permissions.
      return folder?.kind === "directory" && (folder.mode === 0 || (folder.mode & 0o200) !== 0);
    },
  };
}
