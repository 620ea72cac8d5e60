/**
 * Advises on a home that kuberlr cannot write to. A kubectl command then uses a temporary folder.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import type { Layout } from "../files/layout.ts";
import type { VolumeFault } from "../files/steps/find_places.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { folderOf } from "../platform.ts";

/** Returns advice for a place that is trusted but cannot be used. */
export function adviseOnVolume(
  { path, cause }: Pick<VolumeFault, "path" | "cause">,
  { root }: Layout,
  host: Pick<Host, "env" | "files">,
): string {
  switch (cause) {
    case "full":
      return "Free some space there, or set HOME to a folder elsewhere";
    case "no-inodes":
      return "Remove some files there, or set HOME to a folder elsewhere";
    case "noexec":
      return "Set HOME to a folder where programs can be run";
    case "refused":
      return "Set HOME to a folder where this user can make files";
    case "read-only":
      return `Put "${root}" on a writable file system`;
    case "denied":
      return adviseOnDenial(path, root, host);
  }
}

function adviseOnDenial(
  path: string,
  root: string,
  host: Pick<Host, "env" | "files">,
): string {
  const home = folderOf(root);
  if (path !== home && home.startsWith(path)) {
    return `Make "${home}" for this user, or set HOME to a folder of this user`;
  }
  const stat = orUndefined(() => host.files.stat(path));
  if (stat !== undefined && stat.uid !== host.files.userId()) {
    return path.startsWith(root) ? adviseChown(root, host) : "Set HOME to a folder of this user";
  }
  return ((stat?.mode ?? 0) & 0o300) !== 0o300
    ? `Make it accessible: chmod u+rwx ${quoteShellWord(path)}`
    : `Put "${root}" on a writable file system`;
}

/**
 * Returns advice that makes the user the owner of a folder again; `sudo -E kubectl` may have made
 * it root's.
 */
export function adviseChown(path: string, { env, files }: Pick<Host, "env" | "files">): string {
  const user = env.get("USER") || env.get("LOGNAME") || files.userId();
  return `Make this user the owner: sudo chown -R ${user} ${quoteShellWord(path)}`;
}
