/**
 * Configuration files and variables, merged.
 *
 * @module
 */
import { mergeConfig } from "../../lib/config/config.ts";
import { parseConfigText } from "../../lib/config/text.ts";
import type { Platform } from "../../lib/platform.ts";
import { fakeEnv, LINUX } from "./fake_host.ts";

export interface ConfigWorld {
  readonly etc?: string;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

export function merge({ etc, user, env, platform = LINUX }: ConfigWorld) {
  const files = Object.entries({ "/etc/kuberlr.conf": etc, "/home/me/kuberlr.conf": user })
    .flatMap(([path, text]) => text === undefined ? [] : [parseConfigText(path, text)]);
  return mergeConfig(files, fakeEnv(env), platform);
}
