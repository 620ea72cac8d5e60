/**
 * The result of one version of `kuberlr get`.
 *
 * @module
 */
import type { CommandFlags } from "../cli/command_line.ts";
import type { Config } from "../config/config.ts";
import type { Installed, InstallOptions } from "../kubectls/steps/install_kubectl.ts";
import { formatVersion } from "../version/version.ts";

/** The settings for all versions of one `kuberlr get`. */
export interface GetContext {
  readonly flags: CommandFlags;
  readonly options: InstallOptions;
  readonly config: Config;
}

/** A kubectl that was downloaded, or was installed already. */
export interface GetResult {
  /** `1.30.2`; `""` for a kubectl that is pinned by its path. */
  readonly version: string;
  readonly path: string;
  readonly downloaded: boolean;
}

export function toGetResult({ version, path, downloaded }: Installed): GetResult {
  return { version: formatVersion(version), path, downloaded };
}
