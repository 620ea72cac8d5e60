/**
 * Wrapper mode for a command without a memo: resolves it, installs the kubectl if it is missing,
 * and writes the memo.
 *
 * @module
 */
import type { Host } from "../ports/host.ts";
import {
  formatLastingNotice,
  HOW_TO_PIN,
  type LastingUnknown,
} from "../api_server/lasting_notice.ts";
import { noteWarning } from "../api_server/steps/note_warning.ts";
import { findPin } from "../resolver/pins.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import type { ChosenKubectl, Memo } from "../memory/memo.ts";
import { describeLoadingError, KuberlrError } from "../errors.ts";
import { renderBug, renderHint, renderNote, renderWarning, wantsColor } from "../output/report.ts";
import type { Plan } from "../resolver/plan.ts";
import { skipsLoopGuard } from "../handoff/steps/skips_loop_guard.ts";
import { type Fulfilled, fulfilPlan } from "../resolver/steps/fulfil_plan.ts";
import { loadColor } from "../config/steps/load_config.ts";
import { rememberResolution } from "../memory/steps/remember_kubectl.ts";
import { type Resolution, resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { formatVersion } from "../version/version.ts";
import { formatWanted } from "../version/wanted.ts";

/** @throws {KuberlrError} no kubectl is available, or the configuration is invalid */
export async function prepareKubectl(
  commandLine: CommandLine,
  host: Host,
): Promise<ChosenKubectl> {
  const { resolution: resolved, bug } = await resolveAnyway(commandLine, host);
  const resolution = warnLasting(resolved, host);
  const { settings: { config }, places } = resolution;
  warn(resolution, host);
  const fulfilled = await fulfilPlan(resolution, host);
  // With Verbosity every command is resolved, so that every command reports how.
  if (config.verbosity === 0 && bug === undefined) {
    await remember(commandLine, resolution, fulfilled, host);
  }
  const { path } = fulfilled;
  return { path, mode: config.handOff, skipsLoopGuard: skipsLoopGuard(path, places.trusted, host) };
}

/**
 * Resolves the command. A bug on the way to the server's version, or code that cannot be loaded,
 * costs the version, not the command: it is reported, and the newest kubectl runs.
 */
async function resolveAnyway(
  commandLine: CommandLine,
  host: Host,
): Promise<{ readonly resolution: Resolution; readonly bug?: unknown }> {
  try {
    return { resolution: await resolveKubectl(commandLine, { ask: "ask" }, host) };
  } catch (bug) {
    if (bug instanceof KuberlrError) throw bug;
    const { stderr } = host.terminal;
    const failure = describeLoadingError(bug);
    if (failure === undefined) stderr.write(renderBug(bug));
    const skipServer = failure?.message ?? "a bug in kuberlr hides it";
    const resolution = await resolveKubectl(commandLine, { ask: "ask", skipServer }, host);
    if (failure !== undefined) {
      const style = { color: wantsColor(resolution.settings.config.color, stderr) };
      stderr.write(renderWarning(failure.message, style) + renderHint(failure.hint ?? "", style));
    }
    return { resolution, bug };
  }
}

async function remember(
  commandLine: CommandLine,
  resolution: Resolution,
  { path, as }: Fulfilled,
  host: Host,
): Promise<void> {
  if (as === "planned") return rememberResolution(commandLine, resolution, host);
  // The download changed what is installed, so the command is resolved again for the memo.
  const { learned, settings: { config } } = resolution;
  const again = await resolveKubectl(commandLine, { ask: "ask", learned }, host);
  const { plan } = again.decision;
  if (plan.kind === "use" && plan.path === path) {
    rememberResolution(commandLine, again, host);
  } else if (as === "fallback" && plan.kind === "download" && plan.fallback?.path === path) {
    // The memo lives for UnreachableTTL, as an unreachable mirror is not asked again for that time.
    const warning =
      `Using kubectl ${formatVersion(plan.fallback.version)}, the newest installed: ` +
      `kubectl ${formatWanted(plan.wanted)} could not be downloaded`;
    const fallback: Plan = { ...plan.fallback, kind: "use", reason: plan.reason, warning };
    const untilMs = host.clock.nowMs() + config.unreachableTtlSeconds * 1000;
    const decision = { ...again.decision, plan: fallback };
    rememberResolution(commandLine, { ...again, decision, untilMs }, host);
  }
}

/** Repeats the warnings of a memo, for example about an unknown key in the configuration. */
export async function warnAgain(memo: Memo, host: Host): Promise<ChosenKubectl> {
  if (memo.warning === null) return memo;
  const { stderr } = host.terminal;
  const style = { color: wantsColor(await loadColor(host), stderr) };
  for (const warning of memo.warning.split("\n")) stderr.write(renderWarning(warning, style));
  return memo;
}

/**
 * Says once per server and day that a version will stay unknown; returns the resolution with the
 * record of that.
 */
function warnLasting(resolution: Resolution, host: Host): Resolution {
  const { need, settings: { config }, connection, learned, layout, server } = resolution;
  const unknown = findLasting(connection, learned);
  const target = connection.kind === "target" ? connection.target : undefined;
  if (unknown === undefined || need.kind !== "server" || server.source !== "unknown") {
    return resolution;
  }
  if (config.quiet || findPin(config.pins, target?.context ?? "") !== undefined) return resolution;
  const record = noteWarning(target, layout, host);
  if (record === undefined) return resolution;
  const { stderr } = host.terminal;
  const style = { color: wantsColor(config.color, stderr) };
  stderr.write(renderWarning(formatLastingNotice(unknown), style));
  return learned === undefined ? resolution : { ...resolution, learned: { ...learned, record } };
}

function findLasting(
  connection: Resolution["connection"],
  learned: Resolution["learned"],
): LastingUnknown | undefined {
  if (connection.kind === "refused") {
    return connection.isReadOnce
      ? { reason: connection.reason, hint: `Pin the kubectl (${HOW_TO_PIN})`, server: undefined }
      : undefined;
  }
  const answer = learned?.answer;
  if (answer === undefined || answer.kind === "version" || answer.lasting === undefined) {
    return undefined;
  }
  const { reason, hint = `Pin the kubectl (${HOW_TO_PIN})` } = answer;
  return { reason, hint, server: connection.target.server };
}

function warn({ settings, decision: { plan }, connection, server }: Resolution, host: Host): void {
  const { config, warnings } = settings;
  const { stderr } = host.terminal;
  if (config.quiet) return;
  const warning = plan.kind === "refuse" ? undefined : plan.warning;
  for (const text of [...warnings, ...(warning === undefined ? [] : [warning])]) {
    stderr.write(renderWarning(text, { color: wantsColor(config.color, stderr) }));
  }
  if (config.verbosity === 0) return;
  const target = connection.kind === "target" ? connection.target.server : "no server";
  const version = server.source === "unknown" ? server.reason : server.gitVersion;
  stderr.write(renderNote(`${target}: ${version} (${server.source})`));
  if (plan.kind === "use") stderr.write(renderNote(`Using "${plan.path}": ${plan.reason}`));
}
