/**
 * The hint of a command that gets no kubectl, completed by what is installed.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { adviseInstalled } from "../advice.ts";
import type { Plan } from "../plan.ts";
import { findUnversioned } from "./find_unversioned.ts";
import type { Resolution } from "./resolve_kubectl.ts";

type Needs = Pick<Host, "env" | "files" | "platform" | "program">;
type Known = Pick<Resolution, "server" | "binaries" | "decision" | "settings">;

export function advise(
  hint: string | undefined,
  { server, binaries, decision: { candidates }, settings: { config } }: Known,
  host: Needs,
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

/** The hint of a refusal. What is wrong with a pin is mended at the pin. */
export function adviseOnRefusal(
  { code, hint }: Plan & { readonly kind: "refuse" },
  resolution: Known,
  host: Needs,
): string {
  return code === "pin-unavailable" ? hint : advise(hint, resolution, host) ?? hint;
}
