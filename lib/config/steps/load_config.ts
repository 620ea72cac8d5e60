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
import { readRegularText } from "../../files/steps/read_regular.ts";

/**
 * @throws {KuberlrError} `config-invalid`: a file that cannot be read or parsed, a value that does
 * not fit
 */
export async function loadConfig(
  { files, env, platform }: Pick<Host, "files" | "env" | "platform">,
): Promise<LoadedConfig> {
  const userConfig = findLayout(platform, env)?.userConfig;
  const named = env.get("KUBERLR_CFG");
  const configFiles: ConfigFile[] = [];
  const missing: string[] = [];
  for (const path of configPaths(platform, env, userConfig)) {
    const text = readConfig(path, path === named, files);
    if (text !== undefined) {
      const { parseConfigText } = await import("../text.ts");
      configFiles.push(parseConfigText(path, text));
    } else if (path === named) {
      missing.push(`KUBERLR_CFG names "${path}", which does not exist`);
    }
  }
  const loaded = mergeConfig(configFiles, env, platform);
  return { ...loaded, warnings: [...missing, ...loaded.warnings] };
}

/** Loads `Color` alone, for messages about a configuration that is invalid. */
export async function loadColor(
  host: Pick<Host, "files" | "env" | "platform">,
): Promise<Color> {
  try {
    return (await loadConfig(host)).config.color;
  } catch {
    return host.env.get("NO_COLOR") ? "never" : "auto";
  }
}

function readConfig(path: string, isNamed: boolean, files: Host["files"]): string | undefined {
  try {
    return readRegularText(path, files);
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
