/**
 * The folders that a kubectl can be installed into: kuberlr's own places, or a folder that the user
 * has named.
 *
 * @module
 */
import { HostError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { kubectlFileName, type Layout } from "../../files/layout.ts";
import { upstreamPath } from "../../mirror/mirror.ts";
import { joinPath, type Platform } from "../../platform.ts";
import { formatVersion, type Version } from "../../version/version.ts";
import { findFileDistrust } from "../../files/steps/distrust.ts";
import { makeFolderIn } from "../../files/steps/write_own.ts";
import { verifyInstalled } from "./verify_installed.ts";

export interface Place {
  readonly directory: string;
  /** The folder of kuberlr's place with this directory; `undefined` for a folder of the user's. */
  readonly root?: string | undefined;
  /** `undefined` if only the kubectl is written there. */
  readonly layout: Layout | undefined;
  /** Lays the folder out like dl.k8s.io, with checksums, so that it can serve as a mirror. */
  readonly asMirror?: boolean | undefined;
}

/** Creates the folder of a place. @throws {HostError} it cannot be used, or must not be */
export function openPlace(
  { directory, root }: Place,
  host: Pick<Host, "platform" | "files" | "store">,
): void {
  // A folder that the user names may be for an image or a web server, where other users read it.
  if (root === undefined) host.files.makeDirectory(directory, 0o755);
  else makeFolderIn({ root }, directory, host);
}

/** Returns the path that a kubectl is installed at. */
export function targetPath(
  { directory, asMirror }: Place,
  version: Version,
  platform: Platform,
  host: Pick<Host, "platform">,
): string {
  const path = asMirror
    ? upstreamPath(version, platform).split("/")
    : [kubectlFileName(platform, formatVersion(version))];
  return joinPath(host.platform, directory, ...path);
}

export type Present =
  | { readonly kind: "use" }
  /** It was installed by kuberlr and must not be run any more. */
  | { readonly kind: "replace"; readonly reason: string };

/**
 * Inspects the file at the path that a kubectl is installed at; returns `undefined` if there is
 * none.
 *
 * @throws {HostError} the file was not put there by kuberlr, which therefore does not replace it.
 * This is reported before the download.
 */
export async function findPresent(
  path: string,
  version: Version,
  { directory, layout }: Place,
  host: Pick<Host, "platform" | "files" | "store">,
): Promise<Present | undefined> {
  const { files } = host;
  const lstat = files.lstat(path);
  if (lstat === undefined) return undefined;
  if (lstat.kind === "directory") throw new HostError("EISDIR", path, "a folder has this name");
  if (layout === undefined) {
    if (lstat.kind === "file") return { kind: "replace", reason: "may be anything" };
    throw new HostError("EEXIST", path, lstat.kind === "link" ? "is a link" : "is not a file");
  }
  const distrust = findFileDistrust(path, directory, host);
  const stat = distrust === undefined ? files.stat(path) : undefined;
  const fault = distrust ??
    (stat?.kind !== "file"
      ? "is not a file"
      : host.platform.os !== "windows" && !files.isExecutable(path, stat)
      ? "is not executable"
      : undefined);
  if (lstat.kind === "file") {
    const { kind } = await verifyInstalled({ path, version }, { place: layout }, host);
    const reason = kind === "changed" ? "is no longer what was installed" : fault;
    if (kind !== "dropped-in" && reason !== undefined) return { kind: "replace", reason };
  }
  if (fault === undefined) return { kind: "use" };
  throw new HostError("EEXIST", path, fault);
}
