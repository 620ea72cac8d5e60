/**
 * Where a kubectl can be put: kuberlr's folder, or, where that cannot be used, a private temporary one, so that kubectl runs
 * without a home, on a full disk and over foreign files.
 *
 * @module
 */
import { HostError, orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { kubectlFileName, type Layout, layoutUnder } from "../../files/layout.ts";
import { usualPath } from "../../mirror/mirror.ts";
import { joinPath, type Platform } from "../../platform.ts";
import { formatVersion, type Version } from "../../version/version.ts";
import { findDistrustOf } from "../../files/steps/distrust.ts";
import { verifyInstalled } from "./verify_installed.ts";

export interface Place {
  readonly directory: string;
  /** `undefined` for a folder of the user's choosing: nothing but the kubectl goes there. */
  readonly layout: Pick<Layout, "root" | "locks" | "receipts"> | undefined;
  /** Laid out as dl.k8s.io is, checksums beside the kubectls: a mirror for others. */
  readonly asMirror?: boolean | undefined;
}

type Ports = Pick<Host, "platform" | "env" | "files" | "store" | "program">;

/** Ready to be written to. @throws {HostError} it cannot be, or must not */
export function openPlace(place: Place, ports: Ports): void {
  const { directory, layout } = place;
  ports.files.makeDirectory(directory);
  const distrust = layout === undefined
    ? undefined
    : findDistrustOf(layout.root, undefined, ports) ??
      findDistrustOf(directory, layout.root, ports);
  if (distrust !== undefined) throw new HostError("EPERM", directory, `it ${distrust}`);
}

/** One that works wherever a temporary folder can be written. @throws {HostError} nowhere */
export function openRefuge(ports: Ports): Place {
  const { platform, env, files, store } = ports;
  let failure: unknown;
  for (const parent of temporaryFolders(ports)) {
    try {
      if (files.stat(parent)?.kind !== "directory") continue;
      const layout = layoutUnder(platform, store.makePrivateDirectory(parent));
      const place: Place = { directory: layout.binaries, layout };
      openPlace(place, ports);
      return place;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new HostError("ENOENT", env.get("TMPDIR") ?? "", "there is no temporary folder");
}

/** The one that an earlier download has opened, in the first temporary folder there is. */
export function findRefuge(ports: Ports): Layout | undefined {
  const parent = temporaryFolders(ports).find((path) =>
    orUndefined(() => ports.files.stat(path))?.kind === "directory"
  );
  const root = parent && orUndefined(() => ports.store.findPrivateDirectory(parent));
  return root === undefined || findDistrustOf(root, undefined, ports) !== undefined
    ? undefined
    : layoutUnder(ports.platform, root);
}

export function targetPath(
  { directory, asMirror }: Place,
  version: Version,
  platform: Platform,
  ports: Ports,
): string {
  const path = asMirror
    ? usualPath(version, platform).split("/")
    : [kubectlFileName(platform, formatVersion(version))];
  return joinPath(ports.platform, directory, ...path);
}

/**
 * What is at the path already: to be used, or why it has to be replaced; `undefined` for nothing.
 *
 * @throws {HostError} a folder, which nothing can replace: better said before the download
 */
export async function findPresent(
  path: string,
  version: Version,
  { directory, layout }: Place,
  ports: Ports,
): Promise<
  { readonly kind: "use" } | { readonly kind: "replace"; readonly reason: string } | undefined
> {
  const { files } = ports;
  const lstat = files.lstat(path);
  if (lstat === undefined) return undefined;
  if (lstat.kind === "directory") throw new HostError("EISDIR", path, "a folder has this name");
  const distrust = layout === undefined ? undefined : findDistrustOf(path, directory, ports);
  if (distrust !== undefined) return { kind: "replace", reason: distrust };
  const stat = files.stat(path);
  if (stat === undefined) return undefined;
  if (stat.kind !== "file") return { kind: "replace", reason: "is no file" };
  if (ports.platform.os !== "windows" && !files.isExecutable(path, stat)) {
    return { kind: "replace", reason: "is not executable" };
  }
  if (layout === undefined) return { kind: "replace", reason: "may be anything" };
  const provenance = await verifyInstalled({ path, version }, layout, ports);
  return provenance.kind === "changed"
    ? { kind: "replace", reason: "is no longer what was installed" }
    : { kind: "use" };
}

function temporaryFolders({ platform, env }: Ports): readonly string[] {
  const named = ["TMPDIR", "TMP", "TEMP"].map((name) => env.get(name)).filter((path) =>
    path !== undefined && path !== ""
  ) as string[];
  const usual = platform.os === "windows" ? [] : ["/tmp", "/var/tmp", "/dev/shm"];
  return [...new Set([...named.map((path) => path.replace(/(?<=.)[\\/]+$/, "")), ...usual])];
}
