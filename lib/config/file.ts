/**
 * One configuration file: which of its keys are settings, and whether their values fit.
 *
 * @module
 */
import {
  CONFIG_KEY_NAMES,
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigKeyName,
  isPin,
  type Pin,
} from "./keys.ts";
import { KuberlrError } from "../errors.ts";
import { findNearest } from "../output/nearest.ts";
import { isAbsolutePath, type Platform } from "../platform.ts";
import { redactUrl } from "../output/redact.ts";
import { findTomlLine } from "./toml_lines.ts";

/** A configuration file that parsed. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  readonly table: Readonly<Record<string, unknown>>;
}

export type Values = Map<ConfigKeyName, { readonly value: unknown; readonly origin: string }>;

export interface FileSettings {
  readonly values: Values;
  /** In the order of the file. */
  readonly pins: readonly Pin[];
  readonly warnings: readonly string[];
}

/** @throws {KuberlrError} `config-invalid`, naming the file, the line and the key */
export function readConfigFile(file: ConfigFile, platform: Platform): FileSettings {
  const warnings: string[] = [];
  const values: Values = new Map();
  const pins: Pin[] = [];
  const seen = new Map<string, string>();
  for (const [written, value] of Object.entries(file.table)) {
    const twin = seen.get(written.toLowerCase());
    if (twin !== undefined) throw invalid(file, [written], `"${written}" is set twice`);
    seen.set(written.toLowerCase(), written);
    if (written.toLowerCase() === "contexts") {
      pins.push(...readPins(file, written, value, platform, warnings));
      continue;
    }
    const name = CONFIG_KEY_NAMES.find((key) => key.toLowerCase() === written.toLowerCase());
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
  return { values, pins, warnings };
}

/** For a message: short, and without the userinfo of URLs. */
export function quoteValue(value: unknown): string {
  if (isTable(value)) return "a table";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value, (_, inner) => redactValue(inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function redactValue(value: unknown): unknown {
  return typeof value === "string" ? redactUrl(value) : value;
}

function readPins(
  file: ConfigFile,
  written: string,
  contexts: unknown,
  platform: Platform,
  warnings: string[],
): readonly Pin[] {
  const example = `a table such as [Contexts."prod-*"]`;
  if (!isTable(contexts)) {
    throw invalid(file, [written], `"Contexts" must be ${example}, not ${quoteValue(contexts)}`);
  }
  return Object.entries(contexts).flatMap(([context, table]) => {
    const name = `Contexts.${JSON.stringify(context)}`;
    if (!isTable(table)) {
      throw invalid(
        file,
        [written, context],
        `${name} must be ${example}, not ${quoteValue(table)}`,
      );
    }
    return Object.entries(table).flatMap(([key, kubectl]) => {
      const path = [written, context, key];
      if (key.toLowerCase() !== "kubectl") {
        warnings.push(unknownKey(file, path, ["Kubectl"]));
        return [];
      }
      const fits = typeof kubectl === "string" && isPin(kubectl) &&
        (!/[\\/]/.test(kubectl) || isAbsolutePath(platform, kubectl));
      if (fits) return [{ context, kubectl, origin: file.path }];
      const expected = `a version such as "1.29" or the absolute path of a kubectl`;
      throw invalid(file, path, `${name}.Kubectl must be ${expected}, not ${quoteValue(kubectl)}`);
    });
  });
}

function unknownKey(file: ConfigFile, path: readonly string[], known: readonly string[]): string {
  const written = path.at(-1) ?? "";
  const nearest = findNearest(written, known);
  return `Unknown key "${written}" in ${place(file, path)}` +
    (nearest === undefined ? "" : `; did you mean "${nearest}"?`);
}

function invalid(file: ConfigFile, path: readonly string[], why: string): KuberlrError {
  return new KuberlrError("config-invalid", `Cannot use ${place(file, path)}: ${why}`, {
    hint: `Correct it there; "kuberlr help config" lists the settings`,
  });
}

function place(file: ConfigFile, path: readonly string[]): string {
  const line = findTomlLine(file.text, path);
  return `"${file.path}"${line === undefined ? "" : `, line ${line}`}`;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}
