/**
 * Finds variables named `KUBERLR_…` that are not settings, for example misspelt ones. Their values
 * are not shown.
 *
 * @module
 */
import { CONFIG_KEY_NAMES, variableOfKey } from "./keys.ts";
import { findNearest } from "../output/nearest.ts";
import type { Platform } from "../platform.ts";
import { LOOP_VARIABLE } from "../handoff/wrapper_loop.ts";
import { RESOLVING_VARIABLE } from "../kubectl/need.ts";

const PREFIX = "KUBERLR_";
const SETTINGS: readonly string[] = [
  ...CONFIG_KEY_NAMES.map(variableOfKey),
  `${PREFIX}CFG`,
  `${PREFIX}KUBECTL`,
];
/** Includes the variables that kuberlr sets for its own processes. */
const KNOWN: readonly string[] = [...SETTINGS, LOOP_VARIABLE, RESOLVING_VARIABLE];

/** Returns a sentence for each unknown variable, sorted by name. */
export function warnAboutVariables(
  names: readonly string[],
  { os }: Platform,
): readonly string[] {
  const isKnown = (name: string) => KNOWN.includes(os === "windows" ? name.toUpperCase() : name);
  return names.filter((name) => name.toUpperCase().startsWith(PREFIX) && !isKnown(name))
    .toSorted()
    .map((name) => {
      // With the prefix, any two names would look similar.
      const nearest = findNearest(rest(name), SETTINGS.map(rest));
      const advice = nearest === undefined ? "" : `; did you mean ${PREFIX}${nearest}?`;
      return `Unknown variable ${name}${advice}`;
    });
}

function rest(name: string): string {
  return name.slice(PREFIX.length);
}
