/**
 * Chooses among the installed kubectls, and verifies the chosen one.
 *
 * @module
 */
import type { Binary } from "../../kubectls/binaries.ts";
import type { Config } from "../../config/config.ts";
import type { Pin } from "../../config/keys.ts";
import type { Host } from "../../ports/host.ts";
import { placeOf } from "../../files/layout.ts";
import { addTemporaryPlaces, type Places } from "../../files/steps/find_places.ts";
import {
  type Inventory,
  listBinaries,
  listDistrusted,
} from "../../kubectls/steps/list_binaries.ts";
import { findObjection, findSystemObjection } from "../../kubectls/steps/verify_installed.ts";
import type { Candidate } from "../candidates.ts";
import { executableSuffix } from "../../platform.ts";
import type { Decision, Plan, PlanInput } from "../plan.ts";
import { planKubectl } from "../resolver.ts";
import { findMissing, type MissingSettings } from "./missing_release.ts";

export interface Choice {
  readonly decision: Decision;
  /** All kubectls that were found and may be run. */
  readonly binaries: readonly Binary[];
  /** The places that were searched. */
  readonly places: Places;
}

/** The input of a plan that is known before the kubectls are listed. */
export type Circumstances = Omit<PlanInput, "binaries" | "unusable" | "config"> & {
  readonly config: PlanInput["config"] & MissingSettings & Pick<Config, "systemPath">;
};

/**
 * Plans with the kubectls in the usual places. Temporary places are searched only if none of those
 * can be used, or if the kubectl used last is not among them.
 */
export async function chooseKubectl(
  circumstances: Circumstances,
  places: Places,
  host: Host,
): Promise<Choice> {
  const { config, lastUsed } = circumstances;
  const choose = async (places: Places): Promise<Choice> => {
    const found = listBinaries(config, places.trusted, host);
    const decision = await planVerified(circumstances, found, places, host);
    return { decision, binaries: found.binaries, places };
  };
  const choice = await choose(places);
  const isLastMissing = lastUsed !== undefined &&
    !choice.binaries.some(({ path }) => path === lastUsed);
  if (choice.decision.plan.kind === "use" && !isLastMissing) return choice;
  const more = addTemporaryPlaces(places, host);
  return more.trusted.length === places.trusted.length ? choice : await choose(more);
}

/**
 * Plans, and plans again without the chosen kubectl while it is one that must not be run. Releases
 * that the mirrors are known not to have are not planned for download.
 */
async function planVerified(
  circumstances: Circumstances,
  found: Inventory,
  places: Places,
  host: Host,
): Promise<Decision> {
  const refused: Candidate[] = [];
  let { binaries, unusable } = found;
  for (let { missing } = circumstances;;) {
    const decision = planKubectl({ ...circumstances, binaries, unusable, missing });
    const { plan } = decision;
    if (missing === undefined) {
      missing = findMissing(plan, circumstances.config, places.keep, host);
      if (missing !== undefined) continue;
    }
    const chosen = plan.kind === "use"
      ? binaries.find(({ path }) => path === plan.path)
      : undefined;
    const objection = chosen && await objectTo(chosen, places, host);
    if (chosen === undefined || objection === undefined) {
      const final = plan.kind === "use"
        ? { ...decision, plan: warnOfPath(plan, circumstances.pin, host) }
        : planKubectl({
          ...circumstances,
          binaries,
          missing,
          suffix: executableSuffix(host.platform),
          // Foreign folders are listed only now: most commands do not need them.
          unusable: [...unusable, ...listDistrusted(places, host)],
        });
      return { ...final, candidates: [...final.candidates, ...refused] };
    }
    refused.push({ ...chosen, verdict: objection, isDistrusted: true });
    unusable = [...unusable, { ...chosen, reason: objection }];
    binaries = binaries.filter((binary) => binary !== chosen);
  }
}

async function objectTo(
  binary: Binary,
  { trusted, keep }: Places,
  host: Host,
): Promise<string | undefined> {
  const place = placeOf(binary.path, trusted, host.platform);
  return place === undefined
    ? findSystemObjection(binary.path, host)?.reason
    : await findObjection(binary, { place, keep }, host);
}

/**
 * Adds a warning to a plan to run a kubectl that the user has pinned by its path, if another user
 * can change the file. It is run nevertheless.
 */
function warnOfPath(
  plan: Plan & { readonly kind: "use" },
  pin: Pin | undefined,
  host: Host,
): Plan {
  if (plan.version !== undefined || pin === undefined || host.platform.os === "windows") {
    return plan;
  }
  const fault = findSystemObjection(plan.path, host)?.reason;
  return fault === undefined
    ? plan
    : { ...plan, warning: `"${plan.path}", which ${pin.origin} names, ${fault}` };
}
