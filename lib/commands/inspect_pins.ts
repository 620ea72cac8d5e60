/**
 * Finds pins and other settings of contexts that have no effect.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Finding } from "./findings.ts";
import { loadKubeconfig } from "../kubeconfig/steps/load_kubeconfig.ts";
import type { Host } from "../ports/host.ts";
import { matchesGlob } from "../resolver/pins.ts";

/** One line of a `[Contexts."…"]` table, or the pin of `KUBERLR_KUBECTL`. */
export interface ContextLine {
  /** A name or glob; `undefined`: every context. */
  readonly context: string | undefined;
  /** `Kubectl`, or the name of another setting. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

/** Reports the lines that match no context of the kubeconfig, or that an earlier line overrides. */
export async function inspectPins(
  { pins, contexts: settings }: Pick<Config, "pins" | "contexts">,
  host: Pick<Host, "files" | "env" | "platform" | "program">,
): Promise<readonly Finding[]> {
  const lines: readonly ContextLine[] = [
    ...pins.map(({ kubectl, ...pin }) => ({ ...pin, key: "Kubectl", value: kubectl })),
    ...settings.map(({ context, name, value, origin }) => ({ context, key: name, value, origin })),
  ];
  if (lines.length === 0) return [];
  const loaded = await loadKubeconfig({}, host);
  if (loaded.kind === "refused") return [];
  const idle = findIdleLines(lines, [...loaded.kubeconfig.contexts.keys()]);
  return idle.map(({ line, before }): Finding => ({
    check: "pins",
    status: "warning",
    finding: before === undefined
      ? `${nameOf(line)} matches no context of the kubeconfig`
      : `${nameOf(line)} is never reached: ${nameOf(before)} comes first`,
    hint: before === undefined
      ? `"kubectl config get-contexts" lists the contexts; correct or remove the setting`
      : "Remove one of them, or change their order: of several that match, the first counts",
  }));
}

export interface IdleLine {
  readonly line: ContextLine;
  /** The line that counts in its place; `undefined` if it matches no context. */
  readonly before: ContextLine | undefined;
}

/** @param lines in their order: of several that match, the first counts */
export function findIdleLines(
  lines: readonly ContextLine[],
  contexts: readonly string[],
): readonly IdleLine[] {
  const first = (key: string, name: string) =>
    lines.find((line) => line.key === key && fits(line, name));
  return lines.flatMap((line): readonly IdleLine[] => {
    // The pin of KUBERLR_KUBECTL counts even without a context.
    const fitting = (line.context === undefined ? ["", ...contexts] : contexts)
      .filter((name) => fits(line, name));
    const [one] = fitting;
    if (one === undefined) return [{ line, before: undefined }];
    return fitting.some((name) => first(line.key, name) === line)
      ? []
      : [{ line, before: first(line.key, one) }];
  });
}

function fits({ context }: ContextLine, name: string): boolean {
  return context === undefined || matchesGlob(context, name);
}

function nameOf({ context, key, value, origin }: ContextLine): string {
  const what = key === "Kubectl" ? `pin to ${value}` : `${key} = ${JSON.stringify(value)}`;
  return context === undefined
    ? `the ${what} by ${origin}`
    : `the ${what} for "${context}" in ${origin}`;
}
