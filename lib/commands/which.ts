/**
 * `kuberlr which [ARGS…]`: prints the path of the kubectl that would run. It changes only the
 * record of the server.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { adviseOnRefusal } from "../resolver/steps/advise.ts";
import { resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { kubectlFileName } from "../files/layout.ts";
import { joinPath } from "../platform.ts";
import { formatVersion } from "../version/version.ts";
import { formatWanted, nameOfWanted } from "../version/wanted.ts";
import { noteMisplaced, scanAskedLine } from "./asked_line.ts";
import { printNote, printPath, printWarnings } from "./output.ts";

/** @throws {KuberlrError} no kubectl is available, or the mirror decides about its version */
export async function which(run: CommandRun, host: Host): Promise<number> {
  const line = scanAskedLine(run.operands);
  const ask = run.flags["refresh"] ? "refresh" : "ask";
  const resolution = await resolveKubectl(line, { ask }, host);
  const { decision: { plan }, settings: { config, warnings }, layout } = resolution;
  const warning = plan.kind === "refuse" ? undefined : plan.warning;
  printWarnings([...warnings, ...(warning === undefined ? [] : [warning])], config, host);
  noteMisplaced(run, line, config, host);
  switch (plan.kind) {
    case "use":
      printPath(plan.path, host);
      return 0;
    case "refuse":
      throw new KuberlrError(plan.code, `Cannot run kubectl: ${plan.reason}`, {
        hint: adviseOnRefusal(plan, resolution, host),
      });
    case "download": {
      if (plan.wanted.kind !== "exact" || layout === undefined) {
        throw new KuberlrError(
          "no-kubectl",
          `Cannot tell the path: ${nameOfWanted(plan.wanted)} is not installed yet`,
          { hint: `"kuberlr get ${formatWanted(plan.wanted)}" downloads it` },
        );
      }
      const name = kubectlFileName(host.platform, formatVersion(plan.wanted.version));
      printPath(joinPath(host.platform, layout.binaries, name), host);
      printNote(
        `It is not installed yet: ${nameOfWanted(plan.wanted)} is downloaded when it is needed`,
        config,
        host,
      );
      return 0;
    }
  }
}
