/**
 * From a plan to a kubectl on the disk.
 *
 * @module
 */
import { KuberlrError } from "../errors.ts";
import type { Host } from "../host.ts";
import { renderFailure, renderWarning, wantsColor } from "../report.ts";
import { formatVersion } from "../version.ts";
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
    case "use":
      if (plan.version === undefined && host.files.stat(plan.path) === undefined) {
        throw new KuberlrError(
          "pin-unavailable",
          `Cannot run kubectl: ${plan.reason}, which is not there`,
          {
            hint: `Correct or remove the pin; "kuberlr config" shows where it stands`,
          },
        );
      }
      return { path: plan.path, as: "planned" };
    case "refuse":
      throw new KuberlrError(plan.code, `Cannot run kubectl: ${plan.reason}`, { hint: plan.hint });
    case "download":
      try {
        const { installKubectl } = await import("./install_kubectl.ts");
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

/** Who set a pin long ago sees only a version that no server asked for. */
function blamePin(error: KuberlrError, pinnedBy: string): KuberlrError {
  const { code, message, hint } = error;
  return new KuberlrError(code, `${message}; kubectl is pinned to it by ${pinnedBy}`, {
    cause: error,
    hint,
  });
}
