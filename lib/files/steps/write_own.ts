/**
 * Writes files that kuberlr keeps for itself, into places that no other user can change.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { folderOf } from "../../platform.ts";
import type { Layout } from "../layout.ts";
import { findFolderDistrust } from "./distrust.ts";

/**
 * Makes a folder of a place, if the place and everything above it are trusted. Another user may
 * make the place before this process does, so it is checked again before anything is made in it. No
 * other user can change a place that passes this check.
 *
 * @throws {HostError} `EPERM` for a place that is not trusted, or the error of the system
 */
export function makeFolderIn(
  { root }: Pick<Layout, "root">,
  folder: string,
  host: Pick<Host, "files" | "platform">,
): void {
  refuseDistrusted(folder, root, host);
  host.files.makeDirectory(root);
  refuseDistrusted(folder, root, host);
  host.files.makeDirectory(folder);
}

/**
 * Writes a private file (0600) into a folder of a place, which is made if missing.
 *
 * @throws {HostError} as {@linkcode makeFolderIn}, or the file cannot be written
 */
export function writeOwnText(
  path: string,
  text: string,
  place: Pick<Layout, "root">,
  host: Pick<Host, "files" | "platform">,
): void {
  makeFolderIn(place, folderOf(path), host);
  host.files.writeAtomically(path, text, 0o600);
}

function refuseDistrusted(
  folder: string,
  root: string,
  host: Pick<Host, "files" | "platform">,
): void {
  const distrust = findFolderDistrust(folder, root, host);
  if (distrust !== undefined) throw new HostError("EPERM", folder, `it ${distrust}`);
}
