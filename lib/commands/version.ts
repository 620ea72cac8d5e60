/**
 * `kuberlr version`: this build, in the fields of Kubernetes' version.Info.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { BUILD_INFO, isStamped, splitVersion } from "../build_info.ts";
import type { Host } from "../ports/host.ts";
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
  const { gitVersion, gitCommit, gitTreeState, buildDate } = info;
  const build = isStamped(info)
    ? `${gitCommit} (${gitTreeState}), built ${buildDate}`
    : /^[0-9a-f]+$/.test(gitCommit)
    ? `Not built: run from an archive of the source, ${gitCommit}`
    : "Not built: run from a checkout of the source";
  // Git's placeholder is for programs that know it from Kubernetes; people get none.
  const name = gitVersion.replace(/\+\$.*$/, "");
  host.terminal.stdout.write(
    `kuberlr ${name}\n${build}\n${info.platform}, Deno ${info.denoVersion}\n`,
  );
  return 0;
}
