/**
 * Faults of a mirror, and an install from it.
 *
 * @module
 */
import { installKubectl } from "../../lib/kubectls/steps/install_kubectl.ts";
import { type InstallWorld, mirrorConfig, wanted } from "./install_world.ts";
import type { Fault, MirrorRequest } from "./mirror.ts";
import { elfBytes } from "./mirror_files.ts";

export const BYTES = elfBytes(1_500_000);
export const OTHER_BYTES = elfBytes(1_500_000, 2);

export const isBinary = ({ path }: Pick<MirrorRequest, "path">) => /\/kubectl(\.exe)?$/.test(path);
export const isChecksum = ({ path }: MirrorRequest) => /\.sha\d+$/.test(path);
/** Applies the fault to the first `times` requests for the kubectl itself. */
export const binary = (fault: Fault, times = 1) => (request: MirrorRequest) =>
  isBinary(request) && request.nth <= times ? fault : undefined;
export const status = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: "answer",
  status,
  headers,
  body: "<html>sorry</html>",
});
export const HTML: Fault = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!DOCTYPE html><html><body>Please log in</body></html>",
};

export function install(
  text: string,
  world: InstallWorld,
  config: ReturnType<typeof mirrorConfig>,
  options: { readonly stallMs?: number } = {},
) {
  return installKubectl(wanted(text), config, options, world.host);
}
