/**
 * Carries out a plan: returns an installed kubectl or downloads one.
 *
 * @module
 */
import { HostError, KuberlrError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { renderHint, renderWarning, wantsColor } from "../../output/report.ts";
import { formatMinor, formatVersion, isSameVersion, type Version } from "../../version/version.ts";
import { findMisfit } from "../fit.ts";
import { advise, adviseOnRefusal } from "./advise.ts";
import { rememberMissing } from "./missing_release.ts";
import { renewKubectl } from "./renew_kubectl.ts";
import { chooseKubectl } from "./choose_kubectl.ts";
import type { Resolution } from "./resolve_kubectl.ts";
import type { Plan } from "../plan.ts";
import type { Wanted } from "../../version/wanted.ts";

export interface Fulfilled {
  readonly path: string;
  /**
   * The kubectl is the `planned` one, one that was `downloaded` (the plan no longer describes what
   * is installed), or a `fallback` because a download failed.
   */
  readonly as: "planned" | "downloaded" | "fallback";
}

/** The longest time that a command without a server waits for all mirrors together. */
const LOCAL_LIMIT_MS = 3_000;

/**
 * Returns the kubectl of a plan, after a download if the plan says so.
 *
 * @throws {KuberlrError} there is no kubectl to run
 */
export async function fulfilPlan(resolution: Resolution, host: Host): Promise<Fulfilled> {
  const { plan } = resolution.decision;
  switch (plan.kind) {
    case "use": {
      const renewed = plan.version === undefined
        ? undefined
        : await renewKubectl(plan.version, resolution, host);
      return renewed === undefined ? usePlanned(plan, host) : { path: renewed, as: "downloaded" };
    }
    case "refuse":
      throw new KuberlrError(plan.code, `Cannot run kubectl: ${plan.reason}`, {
        hint: adviseOnRefusal(plan, resolution, host),
      });
    case "download":
      return await downloadPlanned(plan, resolution, host);
  }
}

function usePlanned(plan: Plan & { readonly kind: "use" }, host: Host): Fulfilled {
  const fault = plan.version === undefined ? findPinFault(plan.path, host) : undefined;
  if (fault === undefined) return { path: plan.path, as: "planned" };
  throw new KuberlrError(
    "pin-unavailable",
    `Cannot run kubectl: it is ${plan.reason}, and the pinned path ${fault}`,
    { hint: HINT_FOR_PINNED_PATH },
  );
}

async function downloadPlanned(
  plan: Plan & { readonly kind: "download" },
  resolution: Resolution,
  host: Host,
): Promise<Fulfilled> {
  const { settings: { config }, layout, need } = resolution;
  const { wanted } = plan;
  try {
    const { installKubectl } = await import("../../kubectls/steps/install_kubectl.ts");
    const options = {
      ...(need.kind === "server" ? {} : { limitMs: LOCAL_LIMIT_MS }),
      ...(plan.pinnedBy === undefined && {
        findMisfit: (version: Version) => findMisfit(version, wanted, config),
      }),
    };
    const { path, version } = await installKubectl(wanted, config, options, host);
    if (wanted.kind === "exact" && !isSameVersion(wanted.version, version)) {
      rememberMissing({ wanted, what: "release" }, config, layout, host);
    }
    return { path, as: "downloaded" };
  } catch (error) {
    if (!(error instanceof KuberlrError)) throw error;
    if (plan.pinnedBy !== undefined) throw blamePin(error, plan.pinnedBy);
    if (error.code === "release-missing" && wanted.kind === "exact" && !await isKnown(wanted)) {
      rememberMissing({ wanted, what: "minor" }, config, layout, host);
      return fulfilUnpublished({ missing: "minor" }, resolution, host);
    }
    if (needsNoMirror(wanted, resolution)) {
      const withoutDownload = { ...resolution.circumstances.config, allowDownload: false };
      return fulfilUnpublished({ config: withoutDownload }, resolution, host);
    }
    if (plan.fallback === undefined) {
      const { code, message, hint } = error;
      throw new KuberlrError(code, message, {
        cause: error,
        hint: advise(addUnused(hint, plan), resolution, host),
      });
    }
    const { stderr } = host.terminal;
    const style = { color: wantsColor(config.color, stderr) };
    // This is a warning, since kubectl runs.
    const version = formatVersion(plan.fallback.version);
    const warning = `Using kubectl ${version}, the newest installed: ${error.message}`;
    if (!config.quiet) {
      stderr.write(renderWarning(warning, style));
      if (error.hint !== undefined) stderr.write(renderHint(error.hint, style));
    }
    return { path: plan.fallback.path, as: "fallback" };
  }
}

/**
 * Returns true if an installed kubectl runs when the mirror fails: Kubernetes has no release of
 * another major than 1.
 */
export function needsNoMirror(
  wanted: Wanted,
  { binaries }: Pick<Resolution, "binaries">,
): boolean {
  return wanted.kind === "exact" && wanted.version.major !== 1 && binaries.length > 0;
}

export const HINT_FOR_PINNED_PATH =
  `Correct or remove the pin; "kuberlr config" shows where it is set`;

function addUnused(
  hint: string | undefined,
  { unused }: Plan & { readonly kind: "download" },
): string | undefined {
  if (unused === undefined) return hint;
  const added = `${unused}: "kuberlr doctor" says what helps`;
  return hint === undefined ? added : `${hint}. Besides: ${added}`;
}

/** Returns true if upstream has published the minor. Then only the mirror lacks it. */
async function isKnown({ version }: { readonly version: Version }): Promise<boolean> {
  const { findMinor } = await import("../../version/kubernetes_releases.ts");
  return findMinor(formatMinor(version)) !== undefined;
}

/**
 * Plans and carries out again, without the version that the server told: upstream has not published
 * it.
 */
async function fulfilUnpublished(
  changed: Partial<Resolution["circumstances"]>,
  resolution: Resolution,
  host: Host,
): Promise<Fulfilled> {
  const { circumstances, places, settings: { config } } = resolution;
  const { decision } = await chooseKubectl({ ...circumstances, ...changed }, places, host);
  const { plan } = decision;
  if (plan.kind !== "refuse" && plan.warning !== undefined && !config.quiet) {
    const { stderr } = host.terminal;
    stderr.write(renderWarning(plan.warning, { color: wantsColor(config.color, stderr) }));
  }
  const { path } = await fulfilPlan({ ...resolution, decision }, host);
  // The plan has changed, so the memo needs another resolution, as after a download.
  return { path, as: "downloaded" };
}

/** Returns the reason why a file cannot be run, as far as `stat` tells, to follow its path. */
export function findPinFault(path: string, { files }: Pick<Host, "files">): string | undefined {
  try {
    const stat = files.stat(path);
    if (stat === undefined) return "does not exist";
    if (stat.kind === "directory") return "is a folder";
    return stat.kind === "file" ? undefined : "is a pipe, a socket or a device, not a program";
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return `cannot be read: ${error.message}`;
  }
}

/** Adds the pin's origin to an error, since the user may have forgotten the pin. */
function blamePin(error: KuberlrError, pinnedBy: string): KuberlrError {
  const { code, message, hint } = error;
  return new KuberlrError(code, `${message}; ${pinnedBy} pins kubectl to it`, {
    cause: error,
    hint,
  });
}
