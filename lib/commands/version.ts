/**
 * `kuberlr version`: prints this build in the fields of Kubernetes' version.Info.
 *
 * @module
 */
import {
  BUILD_INFO,
  type BuildInfo,
  isStamped,
  splitVersion,
  untaggedVersion,
} from "../build_info.ts";
import type { CommandRun } from "../cli/command_line.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import { orUndefined } from "../errors.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { folderOf, isAbsolutePath, joinPath } from "../platform.ts";
import type { Host } from "../ports/host.ts";
import { printJson } from "./output.ts";

type VersionHost = Pick<
  Host,
  "platform" | "program" | "terminal" | "env" | "files" | "processes" | "clock"
>;

export async function version({ flags }: CommandRun, host: VersionHost): Promise<number> {
  const build = isStamped(BUILD_INFO) ? BUILD_INFO : await describeSource(BUILD_INFO, host);
  const info = {
    ...splitVersion(build.gitVersion),
    ...build,
    platform: `${host.platform.os}/${host.platform.arch}`,
    denoVersion: host.program.denoVersion,
  };
  if (flags["output"] === "json") {
    printJson(info, host);
    return 0;
  }
  const { gitVersion, gitCommit, gitTreeState, buildDate } = info;
  const origin = isStamped(info)
    ? `${gitCommit} (${gitTreeState}), built ${buildDate}`
    : `Not built: run from the source${gitCommit && `, ${gitCommit}`}`;
  host.terminal.stdout.write(
    `kuberlr ${gitVersion}\n${origin}\n${info.platform}, Deno ${info.denoVersion}\n`,
  );
  return 0;
}

/** Returns the build with its commit: an archive has it in its files, a checkout in git. */
async function describeSource(build: BuildInfo, host: VersionHost): Promise<BuildInfo> {
  const gitCommit = build.gitCommit || await askGit(host);
  return { ...build, gitCommit, gitVersion: untaggedVersion(build.gitVersion, gitCommit) };
}

const GIT_LIMIT_MS = 2_000;

/** Returns the commit of the checkout that this program runs from; `""` if it is not a checkout. */
async function askGit(host: VersionHost): Promise<string> {
  const { platform, files, processes, clock } = host;
  const start = host.program.startCommand();
  const command = lookPath("git", host);
  if (start.kind === "executable" || command === undefined) return "";
  if (!isAbsolutePath(platform, start.module)) return "";
  // A repository in a folder above, or one that GIT_DIR names, is not the program's.
  const repository = joinPath(platform, folderOf(start.module), ".git");
  if (orUndefined(() => files.stat(repository)) === undefined) return "";
  const result = await processes.run({
    command,
    args: [`--git-dir=${repository}`, "rev-parse", "HEAD"],
    env: {},
    maxOutputBytes: 1_000,
    deadlineMs: clock.monotonicMs() + GIT_LIMIT_MS,
  });
  const said = result.kind === "exited" ? decodeUtf8(result.stdout).trim() : "";
  return /^[0-9a-f]{40,64}$/.test(said) ? said : "";
}
