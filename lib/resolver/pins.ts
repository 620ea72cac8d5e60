/**
 * Finds the user's settings for a context: a pin, which is a kubectl to run regardless of the
 * server's version, and others.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { CONFIG_KEYS, type ContextSetting, type Pin } from "../config/keys.ts";

/**
 * Returns the first pin that fits a context. `""` stands for no context: only a pin for all
 * contexts fits it.
 */
export function findPin(pins: readonly Pin[], context: string): Pin | undefined {
  return pins.find((pin) => pin.context === undefined || matchesGlob(pin.context, context));
}

/**
 * Returns the configuration for one context. Of several settings of a key, the first whose glob
 * fits counts. `""` stands for no context.
 */
export function configForContext<Part extends Pick<Config, "contexts">>(
  config: Part,
  context: string,
): Part {
  const fitting = config.contexts.filter((setting) => matchesGlob(setting.context, context));
  const fields = fitting.toReversed().map(({ name, value }: ContextSetting) =>
    [CONFIG_KEYS[name].field, value] as const
  );
  return { ...config, ...Object.fromEntries(fields) };
}

/**
 * Returns true if the glob matches the text. `*` matches any number of characters, every other
 * character itself.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  if (!text.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return text === glob;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
