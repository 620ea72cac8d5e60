/**
 * The signals that this process was started with as ignored.
 *
 * @module
 */
import { ignoresAny } from "../../handoff/child_signals.ts";

/** Whether any of these signals is ignored, by Linux' numbers; `undefined` where the system does not tell. */
export function isAnyIgnored(signals: readonly number[]): boolean | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    return ignoresAny(signals, Deno.readTextFileSync("/proc/self/status"));
  } catch {
    return undefined; // No /proc, or no permission.
  }
}
