/**
 * A mirror in a folder that others can write: they decide what a kubectl without a pinned digest
 * hashes to.
 *
 * @module
 */
import { describeDistrust, followPath } from "../../files/steps/distrust.ts";
import type { Host } from "../../ports/host.ts";
import type { Platform } from "../../platform.ts";
import type { Version } from "../../version/version.ts";
import { checksumFile, filePathOfUrl } from "../mirror.ts";
import type { FetchedKubectl } from "./fetch_kubectl.ts";

/**
 * Returns a remark if every user can write the file that a checksum came from, or a folder above
 * it. Its owner is the mirror's, and does not matter.
 */
export function findWritableMirror(
  { algorithm, source }: Pick<FetchedKubectl, "algorithm" | "source">,
  { version, platform }: { readonly version: Version; readonly platform: Platform },
  host: Pick<Host, "files" | "platform">,
): readonly string[] {
  const { url } = checksumFile(source.checksums.mirror, version, platform, algorithm);
  if (!url.startsWith("file:") || host.platform.os === "windows") return [];
  const path = filePathOfUrl(host.platform, url);
  const ofAnyOwner = { ...host, files: { ...host.files, userId: () => undefined } };
  const followed = followPath(path, "file", ofAnyOwner);
  return followed.kind === "distrusted" && followed.isForeign
    ? [`The checksum is from "${path}", which ${describeDistrust(followed, path)}`]
    : [];
}
