/**
 * Completes the hint of a failed command by advice on the installed kubectls.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { adviseInstalled } from "../advice.ts";
import type { Plan } from "../plan.ts";
import { findUnversioned } from "./find_unversioned.ts";
import type { Resolution } from "./resolve_kubectl.ts";

type AdviceInput = Pick<Resolution, "server" | "binaries" | "decision" | "settings">;

export function advise(
  hint: string | undefined,
  { server, binaries, decision: { candidates }, settings: { config } }: AdviceInput,
  host: Pick<Host, "env" | "files" | "platform" | "program">,
): string | undefined {
  const usable = binaries.filter(({ path }) =>
    candidates.some((candidate) => candidate.path === path && !candidate.isDistrusted)
  );
  const elsewhere = usable.length === 0 ? findUnversioned(config, host) : undefined;
  const installed = adviseInstalled(server, usable, elsewhere, host.platform);
  return installed === undefined
    ? hint
    : hint === undefined
    ? installed
    : `${hint}. Or: ${installed}`;
}

/** Returns the hint of a refusal. A wrong pin has to be corrected, so its hint stays as it is. */
export function adviseOnRefusal(
  { code, hint }: Plan & { readonly kind: "refuse" },
  resolution: AdviceInput,
  host: Pick<Host, "env" | "files" | "platform" | "program">,
): string {
  return code === "pin-unavailable" ? hint : advise(hint, resolution, host) ?? hint;
}
