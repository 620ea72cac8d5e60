/**
 * Loads the configuration of this machine and this environment.
 *
 * @module
 */
import { configPaths, type LoadedConfig, mergeConfig } from "../config.ts";
import type { ConfigFile } from "../file.ts";
import { HostError, KuberlrError, orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findLayout } from "../../files/layout.ts";
import type { Color } from "../../output/report.ts";
import { describeDistrust, type Followed, followPath } from "../../files/steps/distrust.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

type ConfigHost = Pick<Host, "files" | "env" | "platform"> & {
  /**
   * The same without a trace: owners and modes of the folders above a file are no facts of a memo,
   * as every command that follows a memo looks at them by itself.
   */
  readonly untraced?: Pick<Host, "files" | "platform">;
};

/**
 * Loads the files that only the user and root can have written; any other file is ignored, with
 * a warning. The file that `KUBERLR_CFG` names is the user's word, and counts in any case.
 *
 * @throws {KuberlrError} `config-invalid`: a file that cannot be read or parsed, a value that does
 * not fit
 */
export async function loadConfig(host: ConfigHost): Promise<LoadedConfig> {
  const { files, env, platform } = host;
  const userConfig = findLayout(platform, env)?.userConfig;
  const named = env.get("KUBERLR_CFG");
  const configFiles: ConfigFile[] = [];
  const said: string[] = [];
  for (const path of configPaths(platform, env, userConfig)) {
    const followed = followPath(path, "file", host.untraced ?? host);
    // Something else than a file is reported when it is read.
    if (followed.kind === "distrusted" && followed.isForeign) {
      const isThere = orUndefined(() => files.stat(path)) !== undefined;
      const fault = describeDistrust(followed, path);
      // Not even a file that appears only now is read.
      if (path !== named) {
        if (isThere) said.push(`"${path}" ${fault}: it is ignored`);
        continue;
      }
      if (isThere) said.push(`KUBERLR_CFG names "${path}", which ${fault}`);
    }
    const text = readConfig(
      path === named ? path : realPathOf(path, followed, host),
      path === named,
      files,
    );
    if (text !== undefined) {
      const { parseConfigText } = await import("../text.ts");
      configFiles.push(parseConfigText(path, text));
    } else if (path === named) {
      said.push(`KUBERLR_CFG names "${path}", which does not exist`);
    }
  }
  const loaded = mergeConfig(configFiles, env, platform);
  return { ...loaded, warnings: [...said, ...loaded.warnings] };
}

/** Loads `Color` alone, for messages about a configuration that is invalid. */
export async function loadColor(
  host: Pick<Host, "files" | "env" | "platform">,
): Promise<Color> {
  try {
    return (await loadConfig(host)).config.color;
  } catch {
    const said = host.env.get("KUBERLR_COLOR");
    if (said === "never" || said === "always") return said;
    return host.env.get("NO_COLOR") ? "never" : "auto";
  }
}

/**
 * The path to read: where links are on the way, the one that was checked. A memo has to know where
 * the other one leads, too.
 */
function realPathOf(path: string, followed: Followed, { files }: ConfigHost): string {
  if (followed.kind === "distrusted" || followed.path === path) return path;
  orUndefined(() => files.stat(path));
  return followed.path;
}

function readConfig(path: string, isNamed: boolean, files: Host["files"]): string | undefined {
  try {
    return readRegularText(path, "configuration", files);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // A file in place of a folder on the way: the configuration is missing.
    if (error.code === "ENOTDIR") return undefined;
    // The folder is closed to this user, as root's home is: it holds no configuration for them.
    if (!isNamed && orUndefined(() => files.lstat(path)) === undefined) return undefined;
    throw new KuberlrError(
      "config-invalid",
      `Cannot read the configuration file "${path}": ${error.message}`,
      { cause: error, hint: "Make it readable, or move it away" },
    );
  }
}
