/**
 * Finds a kubectl without a version in its name. kuberlr does not choose such a kubectl itself.
 *
 * @module
 */
import type { Config } from "../../config/config.ts";
import { orUndefined } from "../../errors.ts";
import { isSameFile } from "../../files/identity.ts";
import { splitList } from "../../files/path_list.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import { executableSuffix, isAbsolutePath, joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";

/**
 * Returns the path of the first `kubectl` in PATH or SystemPath that is not kuberlr. The first file
 * of all is the one that this command was started by, unless it is too large for a script;
 * kuberlr's launchers are scripts that name it.
 */
export function findUnversioned(
  { systemPath }: Pick<Config, "systemPath">,
  { env, files, platform, program }: Pick<Host, "env" | "files" | "platform" | "program">,
): string | undefined {
  const identity = program.identity();
  const start = program.startCommand();
  const names = ["kuberlr", start.kind === "executable" ? start.path : start.module];
  const isScriptOfKuberlr = (path: string) => {
    const text = orUndefined(() => readRegularText(path, "launcher", files));
    return text === undefined || names.some((name) => text.includes(name));
  };
  return [...splitList(platform, env.get("PATH") ?? ""), ...systemPath]
    .filter((folder) => isAbsolutePath(platform, folder))
    .flatMap((folder) => {
      const path = joinPath(platform, folder, `kubectl${executableSuffix(platform)}`);
      const stat = orUndefined(() => files.stat(path));
      const isRunnable = stat?.kind === "file" &&
        orUndefined(() => files.isExecutable(path, stat)) === true;
      return isRunnable ? [{ path, stat }] : [];
    })
    .find(({ path, stat }, index) =>
      !isSameFile(stat, identity) &&
      (stat.size > MAX_SCRIPT_BYTES || (index > 0 && !isScriptOfKuberlr(path)))
    )?.path;
}

const MAX_SCRIPT_BYTES = 1024 * 1024;
