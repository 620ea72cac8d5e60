/**
 * Finds pins of the configuration that have no effect.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Pin } from "../config/keys.ts";
import type { Finding } from "./findings.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import type { Host } from "../ports/host.ts";
import { findPin, matchesGlob } from "../resolver/pins.ts";

/** Pins that fit no context of the kubeconfig, or that an earlier pin always comes before. */
export async function inspectPins(
  { pins }: Pick<Config, "pins">,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<readonly Finding[]> {
  if (pins.length === 0) return [];
  const loaded = await loadKubeconfig({}, host);
  if (loaded.kind === "refused") return [];
  const idle = findIdlePins(pins, [...loaded.kubeconfig.contexts.keys()]);
  return idle.map(({ pin, before }): Finding => ({
    check: "pins",
    status: "warning",
    finding: before === undefined
      ? `${nameOf(pin)} fits no context of the kubeconfig`
      : `${nameOf(pin)} is never reached: ${nameOf(before)} comes first`,
    hint: before === undefined
      ? `"kubectl config get-contexts" lists the contexts; correct or remove the pin`
      : "Remove one of them, or change their order: of several pins that fit, the first counts",
  }));
}

export interface IdlePin {
  readonly pin: Pin;
  /** The pin that counts in its place; `undefined` where no context fits. */
  readonly before: Pin | undefined;
}

/** @param pins in the order in which they count */
export function findIdlePins(
  pins: readonly Pin[],
  contexts: readonly string[],
): readonly IdlePin[] {
  return pins.flatMap((pin): readonly IdlePin[] => {
    const { context } = pin;
    // A pin for every context holds without any, too.
    const fitting = context === undefined
      ? ["", ...contexts]
      : contexts.filter((name) => matchesGlob(context, name));
    const [first] = fitting;
    if (first === undefined) return [{ pin, before: undefined }];
    return fitting.some((name) => findPin(pins, name) === pin)
      ? []
      : [{ pin, before: findPin(pins, first) }];
  });
}

function nameOf({ context, kubectl, origin }: Pin): string {
  return context === undefined
    ? `the pin to ${kubectl} by ${origin}`
    : `the pin of "${context}" to ${kubectl} by ${origin}`;
}
