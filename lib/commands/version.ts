/**
 * `kuberlr version`: what this build is, in the fields of Kubernetes' version.Info.
 *
 * @module
 */
import { BUILD_INFO, isStamped, splitVersion } from "../build_info.ts";
import type { Host } from "../host.ts";
import type { CommandRun } from "./dispatch.ts";
import { printJson } from "./output.ts";

export function version(
  { flags }: CommandRun,
  host: Pick<Host, "platform" | "program" | "terminal">,
): number {
  const info = {
    ...splitVersion(BUILD_INFO.gitVersion),
    ...BUILD_INFO,
    platform: `${host.platform.os}/${host.platform.arch}`,
    denoVersion: host.program.denoVersion,
  };
  if (flags["output"] === "json") {
    printJson(info, host);
    return 0;
  }
  const build = isStamped(info)
    ? `${info.gitCommit} (${info.gitTreeState}), built ${info.buildDate}`
    : `Not stamped by a build: run from a checkout or an archive of the source`;
  host.terminal.stdout.write(
    `kuberlr ${info.gitVersion}\n${build}\n${info.platform}, Deno ${info.denoVersion}\n`,
  );
  return 0;
}
