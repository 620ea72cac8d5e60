/**
 * Reports what keeps kuberlr from writing to the home, and what helps. A kubectl command finds out
 * by itself, and uses a temporary folder.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import type { Layout } from "../files/layout.ts";
import type { PlaceFault } from "../files/steps/find_places.ts";
import { folderOf } from "../platform.ts";

type Needs = Pick<Host, "env" | "files">;

/** Returns what to do about a folder that is trusted and cannot be used. */
export function adviseOnWriting(
  { path, kind, reason }: PlaceFault,
  { root }: Layout,
  host: Needs,
): string {
  if (/link|not a folder/.test(reason)) return `Move "${path}" away; a folder is made in its place`;
  if (reason.endsWith("full")) return "Make room there, or let HOME name a folder elsewhere";
  if (kind === "noexec") return "Let HOME name a folder where programs can be run";
  const home = folderOf(root);
  if (path !== home && home.startsWith(path)) {
    return `Make "${home}" for this user, or let HOME name a folder of theirs`;
  }
  const stat = orUndefined(() => host.files.stat(path));
  if (stat !== undefined && stat.uid !== host.files.userId()) {
    return path.startsWith(root) ? giveBack(root, host) : "Let HOME name a folder of this user's";
  }
  return ((stat?.mode ?? 0) & 0o300) !== 0o300
    ? `Open it: chmod u+rwx "${path}"`
    : `Let "${root}" be on a file system that can be written`;
}

/** The command that gives a folder back to the user; `sudo -E kubectl` may have made it root's. */
export function giveBack(path: string, { env, files }: Needs): string {
  const user = env.get("USER") || env.get("LOGNAME") || files.userId();
  return `Give it back to this user: sudo chown -R ${user} "${path}"`;
}
