/**
 * Wrapper mode, for a command that is not remembered: resolves it, sees to it that the kubectl is there, remembers.
 *
 * @module
 */
import type { Host } from "../host.ts";
import type { CommandLine } from "../kubectl_argv.ts";
import { isInOwnFolder } from "../layout.ts";
import type { ChosenKubectl, Memo } from "../memo.ts";
import { renderWarning, wantsColor } from "../report.ts";
import { fulfilPlan } from "../steps/fulfil_plan.ts";
import { rememberResolution, rememberServer } from "../steps/remember_kubectl.ts";
import { type Resolution, resolveKubectl } from "../steps/resolve_kubectl.ts";

/** @throws {KuberlrError} no kubectl is to be had, or the configuration is invalid */
export async function prepareKubectl(
  commandLine: CommandLine,
  host: Host,
): Promise<ChosenKubectl> {
  const resolution = await resolveKubectl(commandLine, { ask: "ask" }, host);
  warn(resolution, host);
  rememberServer(resolution, undefined, host);
  const { path, as } = await fulfilPlan(resolution, host);
  if (as === "planned") {
    rememberResolution(commandLine, resolution, host);
  } else if (as === "downloaded") {
    // The world has changed under the facts: what is remembered has to be found in the new one.
    const { learned } = resolution;
    const again = await resolveKubectl(commandLine, { ask: "ask", learned }, host);
    if (again.decision.plan.kind === "use" && again.decision.plan.path === path) {
      rememberResolution(commandLine, again, host);
    }
  }
  const { settings: { config }, layout } = resolution;
  return { path, mode: config.handOff, ownFolder: isInOwnFolder(path, layout, host) };
}

/** A pin that is out of the skew window is not to be forgotten: every command says so. */
export function warnAgain(memo: Memo, host: Host): ChosenKubectl {
  const { stderr } = host.terminal;
  const color = wantsColor(host.env.get("NO_COLOR") ? "never" : "auto", stderr);
  if (memo.warning !== null) stderr.write(renderWarning(memo.warning, { color }));
  return memo;
}

function warn(
  { settings: { config, warnings }, decision: { plan } }: Resolution,
  host: Host,
): void {
  const { stderr } = host.terminal;
  const warning = plan.kind === "refuse" ? undefined : plan.warning;
  for (const text of [...warnings, ...(warning === undefined ? [] : [warning])]) {
    if (!config.quiet) {
      stderr.write(renderWarning(text, { color: wantsColor(config.color, stderr) }));
    }
  }
}
