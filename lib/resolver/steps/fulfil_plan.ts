/**
 * From a plan to a kubectl on the disk.
 *
 * @module
 */
import { HostError, KuberlrError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { renderFailure, renderWarning, wantsColor } from "../../output/report.ts";
import { formatVersion } from "../../version/version.ts";
import type { Resolution } from "./resolve_kubectl.ts";

export interface Fulfilled {
  readonly path: string;
  /** Whether the plan could be kept as it was, so that it may be remembered. */
  readonly as: "planned" | "downloaded" | "fallback";
}

/**
 * Downloads what the plan wants downloaded.
 *
 * @throws {KuberlrError} there is none to be had
 */
export async function fulfilPlan(
  { decision: { plan }, settings: { config }, layout }: Resolution,
  host: Host,
): Promise<Fulfilled> {
  switch (plan.kind) {
    case "use": {
      const fault = plan.version === undefined ? findFault(plan.path, host) : undefined;
      if (fault === undefined) return { path: plan.path, as: "planned" };
      throw new KuberlrError(
        "pin-unavailable",
        `Cannot run kubectl: ${plan.reason}, which ${fault}`,
        { hint: `Correct or remove the pin; "kuberlr config" shows where it stands` },
      );
    }
    case "refuse":
      throw new KuberlrError(plan.code, `Cannot run kubectl: ${plan.reason}`, { hint: plan.hint });
    case "download":
      try {
        const { installKubectl } = await import("../../kubectls/steps/install_kubectl.ts");
        const { path } = await installKubectl(plan.wanted, config, layout, host);
        return { path, as: "downloaded" };
      } catch (error) {
        if (!(error instanceof KuberlrError)) throw error;
        if (plan.pinnedBy !== undefined) throw blamePin(error, plan.pinnedBy);
        if (plan.orElse === undefined) throw error;
        const { stderr } = host.terminal;
        const style = { color: wantsColor(config.color, stderr) };
        stderr.write(renderFailure(error, style));
        const version = formatVersion(plan.orElse.version);
        stderr.write(renderWarning(`Using kubectl ${version}, the newest at hand`, style));
        return { path: plan.orElse.path, as: "fallback" };
      }
  }
}

/** Why the file cannot be run, as far as can be told without running it. */
function findFault(path: string, { files }: Pick<Host, "files">): string | undefined {
  try {
    const stat = files.stat(path);
    if (stat === undefined) return "is not there";
    return stat.kind === "directory" ? "is a folder" : undefined;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return `cannot be looked at: ${error.message}`;
  }
}

/** Who set a pin long ago sees only a version that no server asked for. */
function blamePin(error: KuberlrError, pinnedBy: string): KuberlrError {
  const { code, message, hint } = error;
  return new KuberlrError(code, `${message}; kubectl is pinned to it by ${pinnedBy}`, {
    cause: error,
    hint,
  });
}
