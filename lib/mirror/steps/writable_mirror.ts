/**
 * Finds a mirror in a folder that other users can write. They could replace a kubectl without a
 * pinned digest, and its checksum.
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
 * Returns a warning if every user can write the file that a checksum came from, or a folder above
 * it. The owner may be any user, who is trusted as the mirror's.
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
  return followed.kind === "distrusted" && followed.cause === "foreign"
    ? [`The checksum is from "${path}", which ${describeDistrust(followed, path)}`]
    : [];
}
