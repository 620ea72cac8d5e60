/**
 * What the user has set for a context: a pin, which is the kubectl to run whatever its server runs,
 * and settings.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { CONFIG_KEYS, type ContextSetting, type Pin } from "../config/keys.ts";

/**
 * The first that is meant for this context; `""` is no context, which only a pin for all of them
 * fits.
 */
export function findPin(pins: readonly Pin[], context: string): Pin | undefined {
  return pins.find((pin) => pin.context === undefined || matchesGlob(pin.context, context));
}

/**
 * The configuration for one context: of several settings of a key the first one counts whose glob
 * fits. `""` is no context.
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

/** `*` stands for any characters, none among them; every other character for itself. */
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
