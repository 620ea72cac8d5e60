/**
 * The hint of a command that gets no kubectl, completed by what is installed.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { isSameFile } from "../../files/identity.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import { splitList } from "../../files/path_list.ts";
import { executableSuffix, isAbsolutePath, joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import { adviseInstalled } from "../advice.ts";
import type { Resolution } from "./resolve_kubectl.ts";

export function advise(
  hint: string | undefined,
  { server, binaries, decision: { candidates } }: Resolution,
  host: Pick<Host, "env" | "files" | "platform" | "program">,
): string | undefined {
  const usable = binaries.filter(({ path }) =>
    candidates.some((candidate) => candidate.path === path && !candidate.isDistrusted)
  );
  const elsewhere = usable.length === 0 ? findOtherKubectl(host) : undefined;
  const installed = adviseInstalled(server, usable, elsewhere, host.platform);
  return installed === undefined
    ? hint
    : hint === undefined
    ? installed
    : `${hint}. Or: ${installed}`;
}

/**
 * A kubectl in PATH that is not kuberlr. The first one is how this command was called, unless it is
 * a program of its own; a launcher of kuberlr is a script that names it.
 */
function findOtherKubectl(
  { env, files, platform, program }: Pick<Host, "env" | "files" | "platform" | "program">,
): string | undefined {
  const identity = program.identity();
  return splitList(platform, env.get("PATH") ?? "")
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
      (stat.size > MAX_SCRIPT_BYTES ||
        (index > 0 &&
          orUndefined(() => readRegularText(path, "launcher", files))?.includes("kuberlr") ===
            false))
    )?.path;
}

const MAX_SCRIPT_BYTES = 1024 * 1024;
