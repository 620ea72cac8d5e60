/**
 * Pins: the kubectl that the user wants for a context, whatever its server runs.
 *
 * @module
 */
import type { Pin } from "../config/keys.ts";

/** The first that is meant for this context; `""` is no context, which only a pin for all of them fits. */
export function findPin(pins: readonly Pin[], context: string): Pin | undefined {
  return pins.find((pin) => pin.context === undefined || matchesGlob(pin.context, context));
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
