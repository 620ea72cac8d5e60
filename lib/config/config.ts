/**
 * Merges TOML files and `KUBERLR_*` variables into settings, each with its origin. Later files
 * override earlier ones, and variables override all files. Letter case does not count in keys, as
 * in Go kuberlr.
 *
 * @module
 */
import {
  CONFIG_KEY_NAMES,
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigKeyName,
  type ConfigValue,
  type ConfigValues,
  type ContextSetting,
  isPin,
  type Pin,
  variableOfKey,
} from "./keys.ts";
import {
  type ConfigFile,
  quoteValue,
  readConfigFile,
  redactValue,
  type SettingValues,
} from "./file.ts";
import { KuberlrError } from "../errors.ts";
import type { Env } from "../ports/host.ts";
import type { Platform } from "../platform.ts";

export interface Config extends ConfigValues {
  /** Pins of later files come first. The first pin that fits a context counts. */
  readonly pins: readonly Pin[];
  /** Settings of later files come first. */
  readonly contexts: readonly ContextSetting[];
}

/** One row of `kuberlr config`. */
export interface Setting {
  readonly key: string;
  /** The value as in TOML, URLs without user and password. */
  readonly value: unknown;
  /** `default`, a file's path or a variable's name. */
  readonly origin: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly settings: readonly Setting[];
  /** Warnings for stderr, without their full stops. */
  readonly warnings: readonly string[];
}

/**
 * Returns the paths of the files; later ones override earlier ones. On Windows, a folder whose
 * variable is not set is skipped.
 */
export function configPaths(
  platform: Platform,
  env: Env,
  userConfig: string | undefined,
): readonly string[] {
  const folder = (variable: string) => {
    const value = env.get(variable);
    return value ? `${value}\\kuberlr\\kuberlr.conf` : undefined;
  };
  const shared = platform.os === "windows"
    ? [folder("APPDATA"), folder("PROGRAMDATA")]
    : ["/usr/etc/kuberlr.conf", "/etc/kuberlr.conf"];
  const paths = [...shared, userConfig, env.get("KUBERLR_CFG") || undefined];
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/**
 * Merges the files and the variables.
 *
 * @param files in the order in which they override each other
 * @throws {KuberlrError} `config-invalid`, naming the file, the line and the key, or the variable
 */
export function mergeConfig(
  files: readonly ConfigFile[],
  env: Env,
  platform: Platform,
): LoadedConfig {
  const values: SettingValues = new Map();
  // On Windows, any user can create a folder "/usr/bin", so the default is empty.
  if (platform.os === "windows") values.set("SystemPath", { value: [], origin: "default" });
  const pins: Pin[] = [];
  const contexts: ContextSetting[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    const read = readConfigFile(file, platform);
    for (const [name, value] of read.values) values.set(name, value);
    pins.unshift(...read.pins);
    contexts.unshift(...read.contexts);
    warnings.push(...read.warnings);
  }
  readVariables(values, env, platform);
  const pinned = env.get("KUBERLR_KUBECTL");
  if (pinned) pins.unshift(pinOfVariable(pinned));
  if (env.get("NO_COLOR") && valueOf(values, "Color") === "auto") {
    values.set("Color", { value: "never", origin: "NO_COLOR" });
  }
  // A variable overrides every file, and so the settings of contexts in files.
  const special = contexts.filter(({ name }) => !env.get(variableOfKey(name)));
  return {
    config: { ...configOf(values), pins, contexts: special },
    settings: [
      ...settingsOf(values),
      ...pins.map(({ context, kubectl, origin }) =>
        contextRow(context, "Kubectl", kubectl, origin)
      ),
      ...special.map(({ context, name, value, origin }) =>
        contextRow(context, name, value, origin)
      ),
    ],
    warnings,
  };
}

function readVariables(values: SettingValues, env: Env, platform: Platform): void {
  for (const name of CONFIG_KEY_NAMES) {
    const variable = variableOfKey(name);
    const text = env.get(variable);
    if (!text) continue;
    const key: ConfigKey<unknown> = CONFIG_KEYS[name];
    const value = key.parse(key.parseText(text, platform), platform);
    if (value === undefined) throw invalidVariable(variable, key.expected, text);
    values.set(name, { value, origin: variable });
  }
}

function pinOfVariable(kubectl: string): Pin {
  const origin = "KUBERLR_KUBECTL";
  if (isPin(kubectl)) return { context: undefined, kubectl, origin };
  throw invalidVariable(origin, "a version like 1.29 or the path of a kubectl", kubectl);
}

function configOf(values: SettingValues): ConfigValues {
  const fields = CONFIG_KEY_NAMES.map((name) => [CONFIG_KEYS[name].field, valueOf(values, name)]);
  return Object.fromEntries(fields) as ConfigValues;
}

function valueOf<Name extends ConfigKeyName>(values: SettingValues, name: Name): ConfigValue<Name> {
  return (values.get(name)?.value ?? CONFIG_KEYS[name].default) as ConfigValue<Name>;
}

/** Returns the rows of `kuberlr config`. A list with one entry is shown as that entry. */
function settingsOf(values: SettingValues): readonly Setting[] {
  return CONFIG_KEY_NAMES.map((key): Setting => {
    const value: unknown = valueOf(values, key);
    const shown: unknown = Array.isArray(value) ? value.map(redactValue) : redactValue(value);
    return {
      key,
      value: Array.isArray(shown) && shown.length === 1 ? shown[0] : shown,
      origin: values.get(key)?.origin ?? "default",
    };
  });
}

function contextRow(
  context: string | undefined,
  name: string,
  value: unknown,
  origin: string,
): Setting {
  const key = context === undefined ? name : `Contexts.${JSON.stringify(context)}.${name}`;
  return { key, value: redactValue(value), origin };
}

function invalidVariable(variable: string, expected: string, text: string): KuberlrError {
  return new KuberlrError(
    "config-invalid",
    `Cannot use the variable ${variable}: it must be ${expected}, not ${quoteValue(text)}`,
    { hint: `Correct or unset ${variable}; "kuberlr help config" lists the settings` },
  );
}
