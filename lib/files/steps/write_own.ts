/**
 * Writes files that kuberlr keeps for itself, into places that no other user can change.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { folderOf } from "../../platform.ts";
import type { Layout } from "../layout.ts";
import { findDistrustDown } from "./distrust.ts";

type Local = Pick<Host, "files" | "platform">;

/**
 * Makes a folder of a place, if it and everything above it is trusted. Another user may be faster
 * and make the place where it was missing, so it is looked at again before anything is made in it:
 * no other user can change what passes then.
 *
 * @throws {HostError}
 */
export function makeFolderIn(
  { root }: Pick<Layout, "root">,
  folder: string,
  host: Local,
): void {
  refuseDistrusted(folder, root, host);
  host.files.makeDirectory(root);
  refuseDistrusted(folder, root, host);
  host.files.makeDirectory(folder);
}

/** Writes a private file into a folder of a place, which is made if missing. @throws {HostError} */
export function writeOwnText(
  path: string,
  text: string,
  place: Pick<Layout, "root">,
  host: Local,
): void {
  makeFolderIn(place, folderOf(path), host);
  host.files.writeAtomically(path, text, 0o600);
}

function refuseDistrusted(folder: string, root: string, host: Local): void {
  const distrust = findDistrustDown(folder, root, host);
  if (distrust !== undefined) throw new HostError("EPERM", folder, `it ${distrust}`);
}
