/**
 * The table of settings: name, default, accepted values, and the form of the variable. Parsing,
 * `kuberlr config` and docs/configuration.md are derived from it.
 *
 * In a variable, directories are separated as in PATH, and URLs by commas.
 *
 * @module
 */
import { isOnShare, parseMirror } from "../mirror/mirror.ts";
import { isAbsolutePath, listSeparator, type Platform } from "../platform.ts";

export interface Pin {
  /**
   * A context name in which `*` matches any characters; `undefined` for every context
   * (`KUBERLR_KUBECTL`).
   */
  readonly context: string | undefined;
  /** A version, a minor or a path. */
  readonly kubectl: string;
  /** The file or variable that sets it. */
  readonly origin: string;
}

/** A setting for some contexts. It overrides the setting for all. */
export interface ContextSetting {
  /** A context name in which `*` matches any characters. */
  readonly context: string;
  readonly name: ConfigKeyName;
  readonly value: unknown;
  /** The file that sets it. */
  readonly origin: string;
}

export interface ConfigKey<T> {
  /** The name of the value's field in `Config`, with its unit. */
  readonly field: string;
  readonly default: T;
  /** Describes the accepted values, to follow "must be" in a sentence. */
  readonly expected: string;
  readonly summary: string;
  /** Converts a TOML value. Returns `undefined` for a value that is not accepted. */
  readonly parse: (value: unknown, platform: Platform) => T | undefined;
  /** Converts the text of a variable into a TOML value. */
  readonly parseText: (text: string, platform: Platform) => unknown;
  /** True if `[Contexts."GLOB"]` may set it for its contexts. */
  readonly perContext?: boolean;
}

const MAX_TIMEOUT_SECONDS = 86_400;

const NOT_NEGATIVE = {
  fits: (value: number) => value >= 0,
  expected: "a number of seconds, 0 or more",
} as const;

export const CONFIG_KEYS = defineKeys({
  AllowDownload: flag("allowDownload", true, "whether kubectls may be downloaded"),
  SystemPath: {
    field: "systemPath",
    default: ["/usr/bin"],
    expected: "the absolute path of a directory, or a list of them",
    summary: "other directories that hold kubectls",
    parse: (value, platform) => parseList(value, (path) => isRooted(platform, path)),
    parseText: (text, platform) => text.split(listSeparator(platform)).filter(Boolean),
  },
  Timeout: seconds(
    "timeoutSeconds",
    5,
    "seconds for finding out a server's version",
    {
      fits: (value) => value > 0 && value <= MAX_TIMEOUT_SECONDS,
      expected: `a number of seconds, above 0 and at most ${MAX_TIMEOUT_SECONDS}`,
    },
  ),
  KubeMirrorUrl: {
    field: "kubeMirrorUrl",
    default: ["https://dl.k8s.io"],
    expected:
      "an http, https or file URL (a base, or a template with {version} {os} {arch} {ext}), or a list of them",
    summary: "where kubectls come from",
    parse: (value, platform) => parseList(value, (url) => isMirrorUrl(url, platform)),
    parseText: (text) => text.split(",").map((url) => url.trim()).filter(Boolean),
  },
  ChecksumUrl: {
    field: "checksumUrl",
    default: "",
    expected: "an http, https or file URL (a base, or a template with {version} {os} {arch} {ext})",
    summary: "where checksums come from, if elsewhere",
    parse: (value, platform) =>
      typeof value === "string" && (value === "" || isMirrorUrl(value, platform))
        ? value
        : undefined,
    parseText: (text) => text,
  },
  VerifySignature: choice(
    "verifySignature",
    ["off", "warn", "require"],
    "whether signatures are checked",
  ),
  Digests: choice(
    "digests",
    ["pinned", "mirror"],
    "whose digest counts for a release that kuberlr knows: its own, or the mirror's",
  ),
  UseLatestIfNoCompatible: flag(
    "useLatestIfNoCompatible",
    false,
    "run the newest kubectl if none fits",
  ),
  Match: {
    ...choice(
      "match",
      ["window", "minor", "patch"],
      "what fits: the window, the server's minor, or its release",
    ),
    perContext: true,
  },
  Renew: {
    field: "renewDays",
    default: "never",
    expected: '"never" or a number of days, above 0',
    summary: "how often newer patches are looked for",
    perContext: true,
    parse: (value) =>
      typeof value === "number" && Number.isFinite(value) && value > 0
        ? value
        : typeof value === "string" && value.toLowerCase() === "never"
        ? "never"
        : undefined,
    parseText: parseNumber,
  },
  MinVersion: {
    field: "minVersion",
    default: "",
    expected: 'a version like "1.28" or "1.28.3", or empty',
    summary: "the oldest kubectl that is chosen",
    perContext: true,
    parse: (value) => value === "" || isVersion(value) ? value : undefined,
    parseText: (text) => text,
  },
  VersionTTL: seconds(
    "versionTtlSeconds",
    3600,
    "seconds that a server's answer is trusted",
  ),
  UnreachableTTL: seconds(
    "unreachableTtlSeconds",
    30,
    "seconds before asking again after a failure",
  ),
  HandOff: choice(
    "handOff",
    ["exec", "spawn"],
    "whether kubectl replaces kuberlr",
  ),
  Verbosity: {
    field: "verbosity",
    default: 0,
    expected: "a whole number, 0 or more",
    summary: "how much is printed on stderr",
    parse: (value) => Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined,
    parseText: parseNumber,
  },
  Quiet: flag("quiet", false, "whether only errors are printed"),
  Color: choice("color", ["auto", "always", "never"], "whether to use colour"),
});

type AnyKey =
  | ConfigKey<boolean>
  | ConfigKey<number>
  | ConfigKey<string>
  | ConfigKey<number | "never">
  | ConfigKey<readonly string[]>;

/**
 * Returns the table as it is. Its type makes the compiler take the fields' names from it, and
 * refuse a key without one.
 */
function defineKeys<const Keys extends Readonly<Record<string, AnyKey>>>(keys: Keys): Keys {
  return keys;
}

export type ConfigKeyName = keyof typeof CONFIG_KEYS;
export type ConfigValue<Name extends ConfigKeyName> = NonNullable<
  ReturnType<(typeof CONFIG_KEYS)[Name]["parse"]>
>;

/** One field for each key. */
export type ConfigValues = {
  readonly [Name in ConfigKeyName as (typeof CONFIG_KEYS)[Name]["field"]]: ConfigValue<Name>;
};

export const CONFIG_KEY_NAMES = Object.keys(CONFIG_KEYS) as readonly ConfigKeyName[];

/** The keys that `[Contexts."GLOB"]` may hold. */
export const CONTEXT_KEYS: readonly ConfigKeyName[] = CONFIG_KEY_NAMES.filter((name) => {
  const key: ConfigKey<unknown> = CONFIG_KEYS[name];
  return key.perContext;
});

/** Returns for example `KUBERLR_ALLOWDOWNLOAD`. */
export function variableOfKey(name: ConfigKeyName): string {
  return `KUBERLR_${name.toUpperCase()}`;
}

/** Returns true for a version, a minor or a path, which a pin may name. A URL is not a path. */
export function isPin(value: string): boolean {
  return isVersion(value) || (/[\\/]/.test(value) && !/^[a-z][a-z\d+.-]+:\/\//i.test(value));
}

/** Returns true for a version or a minor. */
function isVersion(value: unknown): value is string {
  return typeof value === "string" &&
    /^v?\d{1,9}\.\d{1,9}(?:\.\d{1,9}(?:-(?:alpha|beta|rc)\.\d{1,9})?)?$/.test(value);
}

type KeyOf<Field extends string, T> = ConfigKey<T> & { readonly field: Field };

function flag<const Field extends string>(
  field: Field,
  byDefault: boolean,
  summary: string,
): KeyOf<Field, boolean> {
  return {
    field,
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

function seconds<const Field extends string>(
  field: Field,
  byDefault: number,
  summary: string,
  range: { readonly fits: (value: number) => boolean; readonly expected: string } = NOT_NEGATIVE,
): KeyOf<Field, number> {
  return {
    field,
    default: byDefault,
    expected: range.expected,
    summary,
    parse: (value) =>
      typeof value === "number" && Number.isFinite(value) && range.fits(value) ? value : undefined,
    parseText: parseNumber,
  };
}

/** The first choice is the default. */
function choice<const Field extends string, const T extends string>(
  field: Field,
  choices: readonly [T, ...T[]],
  summary: string,
): KeyOf<Field, T> {
  return {
    field,
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

/**
 * Returns true for an absolute path, on Windows also for `\dir`. A relative path would mean another
 * folder in each working directory.
 */
function isRooted(platform: Platform, path: string): boolean {
  return isAbsolutePath(platform, path) || (platform.os === "windows" && /^[\\/]/.test(path));
}

function isMirrorUrl(text: string, { os }: Platform): boolean {
  const mirror = parseMirror(text);
  return mirror !== undefined && (os === "windows" || !isOnShare(mirror.base));
}
