/**
 * Reads one configuration file: finds its settings and checks their values.
 *
 * @module
 */
import {
  CONFIG_KEY_NAMES,
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigKeyName,
  CONTEXT_KEYS,
  type ContextSetting,
  isPin,
  type Pin,
} from "./keys.ts";
import { KuberlrError } from "../errors.ts";
import { findNearest } from "../output/nearest.ts";
import { isAbsolutePath, type Platform } from "../platform.ts";
import { redactUrl } from "../output/redact.ts";
import { findTomlLine } from "./toml_lines.ts";

/** A parsed configuration file. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  readonly table: Readonly<Record<string, unknown>>;
}

export type SettingValues = Map<
  ConfigKeyName,
  { readonly value: unknown; readonly origin: string }
>;

export interface FileSettings {
  readonly values: SettingValues;
  /** Pins and settings of contexts, in the order of the file. */
  readonly pins: readonly Pin[];
  readonly contexts: readonly ContextSetting[];
  readonly warnings: readonly string[];
}

/**
 * Reads the settings of a file. @throws {KuberlrError} `config-invalid`, naming the file, the line
 * and the key
 */
export function readConfigFile(file: ConfigFile, platform: Platform): FileSettings {
  const warnings: string[] = [];
  const values: SettingValues = new Map();
  const pins: Pin[] = [];
  const contexts: ContextSetting[] = [];
  const seen = new Map<string, string>();
  for (const [written, value] of Object.entries(file.table)) {
    const twin = seen.get(written.toLowerCase());
    if (twin !== undefined) throw invalid(file, [written], `"${written}" is set twice`);
    seen.set(written.toLowerCase(), written);
    if (written.toLowerCase() === "contexts") {
      const read = readContexts(file, written, value, platform);
      pins.push(...read.pins);
      contexts.push(...read.contexts);
      warnings.push(...read.warnings);
      continue;
    }
    const name = findKey(written);
    if (name === undefined) {
      warnings.push(unknownKey(file, [written], [...CONFIG_KEY_NAMES, "Contexts"]));
      continue;
    }
    const key: ConfigKey<unknown> = CONFIG_KEYS[name];
    const parsed = key.parse(value, platform);
    if (parsed === undefined) {
      throw invalid(file, [written], `"${name}" must be ${key.expected}, not ${quoteValue(value)}`);
    }
    values.set(name, { value: parsed, origin: file.path });
  }
  return { values, pins, contexts, warnings };
}

/** Formats a value for a message: at most 80 characters, URLs without user and password. */
export function quoteValue(value: unknown): string {
  if (isTable(value)) return "a table";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value, (_, inner) => redactValue(inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function redactValue(value: unknown): unknown {
  return typeof value === "string" ? redactUrl(value) : value;
}

function findKey(written: string): ConfigKeyName | undefined {
  return CONFIG_KEY_NAMES.find((key) => key.toLowerCase() === written.toLowerCase());
}

/** Reads the table `Contexts`: pins, and the settings that a context may have. */
function readContexts(
  file: ConfigFile,
  written: string,
  tables: unknown,
  platform: Platform,
): Omit<FileSettings, "values"> {
  const example = `a table like [Contexts."prod-*"]`;
  if (!isTable(tables)) {
    throw invalid(file, [written], `"Contexts" must be ${example}, not ${quoteValue(tables)}`);
  }
  const pins: Pin[] = [];
  const contexts: ContextSetting[] = [];
  const warnings: string[] = [];
  for (const [context, table] of Object.entries(tables)) {
    const where = `Contexts.${JSON.stringify(context)}`;
    if (!isTable(table)) {
      const why = `${where} must be ${example}, not ${quoteValue(table)}`;
      throw invalid(file, [written, context], why);
    }
    for (const [key, value] of Object.entries(table)) {
      const path = [written, context, key];
      const refuse = (name: string, expected: string) =>
        invalid(file, path, `${where}.${name} must be ${expected}, not ${quoteValue(value)}`);
      const name = findKey(key);
      if (key.toLowerCase() === "kubectl") {
        if (!isFilePin(value, platform)) {
          throw refuse("Kubectl", `a version like "1.29" or the absolute path of a kubectl`);
        }
        pins.push({ context, kubectl: value, origin: file.path });
      } else if (name !== undefined && CONTEXT_KEYS.includes(name)) {
        const { parse, expected }: ConfigKey<unknown> = CONFIG_KEYS[name];
        const parsed = parse(value, platform);
        if (parsed === undefined) throw refuse(name, expected);
        contexts.push({ context, name, value: parsed, origin: file.path });
      } else {
        warnings.push(unknownKey(file, path, ["Kubectl", ...CONTEXT_KEYS]));
      }
    }
  }
  return { pins, contexts, warnings };
}

/**
 * Returns true for a version or an absolute path. A relative path in a file would mean another
 * kubectl in each working directory.
 */
function isFilePin(value: unknown, platform: Platform): value is string {
  return typeof value === "string" && isPin(value) &&
    (!/[\\/]/.test(value) || isAbsolutePath(platform, value));
}

function unknownKey(file: ConfigFile, path: readonly string[], known: readonly string[]): string {
  const written = path.at(-1) ?? "";
  const nearest = findNearest(written, known);
  return `Unknown key "${written}" in ${locate(file, path)}` +
    (nearest === undefined ? "" : `; did you mean "${nearest}"?`);
}

function invalid(file: ConfigFile, path: readonly string[], why: string): KuberlrError {
  return new KuberlrError("config-invalid", `Cannot use ${locate(file, path)}: ${why}`, {
    hint: `Correct it there; "kuberlr help config" lists the settings`,
  });
}

function locate(file: ConfigFile, path: readonly string[]): string {
  const line = findTomlLine(file.text, path);
  return `"${file.path}"${line === undefined ? "" : `, line ${line}`}`;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}
