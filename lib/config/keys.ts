/**
 * Every setting: its name, its default, what values it takes, and what its variable may say. The table behind
 * parsing, `kuberlr config` and docs/configuration.md.
 *
 * Lists in a variable: directories are parted as in PATH, URLs by commas.
 *
 * @module
 */
import { parseMirror } from "../mirror/mirror.ts";
import { isAbsolutePath, listSeparator, type Platform } from "../platform.ts";

export interface Pin {
  /** A context name, `*` standing for any characters; `undefined`: whatever the context (`KUBERLR_KUBECTL`). */
  readonly context: string | undefined;
  /** A version, a minor or a path. */
  readonly kubectl: string;
  /** The file or variable that says so. */
  readonly origin: string;
}

export interface ConfigKey<T> {
  readonly default: T;
  /** What a value has to be, to follow "must be". */
  readonly expected: string;
  readonly summary: string;
  /** From a TOML value; `undefined` where it does not fit. */
  readonly parse: (value: unknown, platform: Platform) => T | undefined;
  /** The TOML value that a variable's text stands for. */
  readonly parseText: (text: string, platform: Platform) => unknown;
}

export const CONFIG_KEYS = {
  AllowDownload: flag(true, "whether kubectls may be downloaded"),
  SystemPath: {
    default: ["/usr/bin"],
    expected: "the absolute path of a directory, or a list of them",
    summary: "where to look for kubectls besides kuberlr's own folder",
    parse: (value, platform) => parseList(value, (path) => isRooted(platform, path)),
    parseText: (text, platform) => text.split(listSeparator(platform)).filter(Boolean),
  },
  Timeout: seconds(
    5,
    (value) => value > 0 && value <= MAX_TIMEOUT_SECONDS,
    `a number of seconds, above 0 and at most ${86_400}`,
    "how long finding out a server's version may take in all, in seconds",
  ),
  KubeMirrorUrl: {
    default: ["https://dl.k8s.io"],
    expected:
      "an http, https or file URL (a base, or a template with {version} {os} {arch} {ext}), or a list of them",
    summary: "where kubectls are downloaded from; of several the first that has it",
    parse: (value) => parseList(value, isMirrorUrl),
    parseText: (text) => text.split(",").map((url) => url.trim()).filter(Boolean),
  },
  ChecksumUrl: {
    default: "",
    expected: "an http, https or file URL (a base, or a template with {version} {os} {arch} {ext})",
    summary: "where checksums are taken from; empty: from beside the bytes",
    parse: (value) =>
      typeof value === "string" && (value === "" || isMirrorUrl(value)) ? value : undefined,
    parseText: (text) => text,
  },
  VerifySignature: choice(
    ["off", "warn", "require"],
    "whether kubectl's signature is checked when it is installed",
  ),
  UseLatestIfNoCompatible: flag(
    false,
    "whether the newest kubectl at hand runs where a fitting one cannot be had",
  ),
  VersionTTL: seconds(
    3600,
    (value) => value >= 0,
    "a number of seconds, 0 or more",
    "how long a server's answer is trusted, in seconds; 0 asks every time",
  ),
  UnreachableTTL: seconds(
    30,
    (value) => value >= 0,
    "a number of seconds, 0 or more",
    "how long an unreachable server is not asked again, in seconds",
  ),
  HandOff: choice(["exec", "spawn"], "whether kubectl replaces kuberlr or is started by it"),
  Verbosity: {
    default: 0,
    expected: "a whole number, 0 or more",
    summary: "how much is told on stderr",
    parse: (value) => Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined,
    parseText: parseNumber,
  } satisfies ConfigKey<number>,
  Quiet: flag(false, "whether nothing but errors is told"),
  Color: choice(["auto", "always", "never"], "whether to use colour"),
} satisfies {
  readonly [key: string]: ConfigKey<boolean> | ConfigKey<number> | ConfigKey<string> | ListKey;
};

type ListKey = ConfigKey<readonly string[]>;

export type ConfigKeyName = keyof typeof CONFIG_KEYS;
export type ConfigValue<Name extends ConfigKeyName> = NonNullable<
  ReturnType<(typeof CONFIG_KEYS)[Name]["parse"]>
>;

export const CONFIG_KEY_NAMES = Object.keys(CONFIG_KEYS) as readonly ConfigKeyName[];

/** `KUBERLR_ALLOWDOWNLOAD`. */
export function variableOfKey(name: ConfigKeyName): string {
  return `KUBERLR_${name.toUpperCase()}`;
}

/** A version, a minor, or a path: what a pin may say. */
export function isPin(value: string): boolean {
  return /^v?\d{1,9}\.\d{1,9}(?:\.\d{1,9}(?:-(?:alpha|beta|rc)\.\d{1,9})?)?$/.test(value) ||
    /[\\/]/.test(value);
}

const MAX_TIMEOUT_SECONDS = 86_400;

function flag(byDefault: boolean, summary: string): ConfigKey<boolean> {
  return {
    default: byDefault,
    expected: "true or false",
    summary,
    parse: (value) => typeof value === "boolean" ? value : undefined,
    parseText: (text) =>
      ({ "true": true, "1": true, "false": false, "0": false })[
        text.toLowerCase()
      ] ?? text,
  };
}

function seconds(
  byDefault: number,
  fits: (value: number) => boolean,
  expected: string,
  summary: string,
): ConfigKey<number> {
  return {
    default: byDefault,
    expected,
    summary,
    parse: (value) =>
      typeof value === "number" && Number.isFinite(value) && fits(value) ? value : undefined,
    parseText: parseNumber,
  };
}

/** The first is the default. */
function choice<const T extends string>(
  choices: readonly [T, ...T[]],
  summary: string,
): ConfigKey<T> {
  return {
    default: choices[0],
    expected: choices.map((value) => `"${value}"`).join(", ").replace(/, ([^,]*)$/, " or $1"),
    summary,
    parse: (value) =>
      typeof value === "string" ? choices.find((each) => each === value.toLowerCase()) : undefined,
    parseText: (text) => text,
  };
}

function parseNumber(text: string): unknown {
  return /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

function parseList(
  value: unknown,
  fits: (entry: string) => boolean,
): readonly string[] | undefined {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = entries.filter((entry) => typeof entry === "string");
  return strings.length === entries.length && strings.every(fits) ? strings : undefined;
}

/** A relative path would make a kubectl of whatever lies in the current directory. Windows takes `\dir` for rooted. */
function isRooted(platform: Platform, path: string): boolean {
  return isAbsolutePath(platform, path) || (platform.os === "windows" && /^[\\/]/.test(path));
}

function isMirrorUrl(text: string): boolean {
  return parseMirror(text) !== undefined;
}
