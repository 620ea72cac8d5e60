/**
 * Loads the configuration: files, and variables of the environment.
 *
 * @module
 */
import { configPaths, type LoadedConfig, mergeConfig } from "../config.ts";
import type { ConfigFile } from "../file.ts";
import { HostError, KuberlrError, orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findLayout } from "../../files/layout.ts";
import type { Color } from "../../output/report.ts";
import { redactArgument } from "../../output/redact.ts";
import { describeDistrust, type Followed, followPath } from "../../files/steps/distrust.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

type ConfigHost = Pick<Host, "files" | "env" | "platform"> & {
  /**
   * The ports without a trace. Owners and modes of the folders above a file are not facts of a
   * memo: every command that follows a memo checks them itself.
   */
  readonly untraced?: Pick<Host, "files" | "platform">;
};

/**
 * Loads the files that only the user and root can have written; any other file is ignored, with a
 * warning. The file that `KUBERLR_CFG` names always counts, since the user has named it.
 *
 * @throws {KuberlrError} `config-invalid`: a file cannot be read or parsed, or a value is not
 * accepted
 */
export async function loadConfig(host: ConfigHost): Promise<LoadedConfig> {
  const { files, env, platform } = host;
  const userConfig = findLayout(platform, env)?.userConfig;
  const named = env.get("KUBERLR_CFG");
  const configFiles: ConfigFile[] = [];
  const warnings: string[] = [];
  for (const path of configPaths(platform, env, userConfig)) {
    const followed = followPath(path, "file", host.untraced ?? host);
    // If the path is not a file, reading it reports that.
    if (followed.kind === "distrusted" && followed.cause === "foreign") {
      const isThere = orUndefined(() => files.stat(path)) !== undefined;
      const fault = describeDistrust(followed, path);
      // The file is not read even if it appears only now.
      if (path !== named) {
        if (isThere) warnings.push(`"${path}" ${fault}: it is ignored`);
        continue;
      }
      if (isThere) warnings.push(`KUBERLR_CFG names "${path}", which ${fault}`);
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
      warnings.push(`KUBERLR_CFG names "${redactArgument(path)}", which does not exist`);
    }
  }
  const loaded = mergeConfig(configFiles, env, platform);
  return { ...loaded, warnings: [...warnings, ...loaded.warnings] };
}

/** Loads only `Color`, for messages about an invalid configuration. */
export async function loadColor(
  host: Pick<Host, "files" | "env" | "platform">,
): Promise<Color> {
  try {
    return (await loadConfig(host)).config.color;
  } catch {
    const value = host.env.get("KUBERLR_COLOR");
    if (value === "never" || value === "always") return value;
    return host.env.get("NO_COLOR") ? "never" : "auto";
  }
}

/**
 * Returns the path to read. If there are links on the way, it is the path that was checked; `stat`
 * of the other path makes it a fact of the memo.
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
    // A part of the path is a file, so the configuration is missing.
    if (error.code === "ENOTDIR") return undefined;
    // This user cannot open the folder (root's home, for example), so it holds no configuration for
    // them.
    if (!isNamed && orUndefined(() => files.lstat(path)) === undefined) return undefined;
    throw new KuberlrError(
      "config-invalid",
      `Cannot read the configuration file "${path}": ${error.message}`,
      { cause: error, hint: "Make it readable, or move it away" },
    );
  }
}
