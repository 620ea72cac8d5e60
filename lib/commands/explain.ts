/**
 * `kuberlr explain [ARGS…]`: shows how the kubectl for a command is chosen. It asks the server as
 * the command would, and changes only the record of the server.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Config } from "../config/config.ts";
import type { KnownVersion } from "../api_server/server_record.ts";
import { type ExplainedPlan, type Explanation, renderExplanation } from "./explanation.ts";
import type { Host } from "../ports/host.ts";
import { redactArgument } from "../output/redact.ts";
import { findPin } from "../resolver/pins.ts";
import type { Plan } from "../resolver/plan.ts";
import { commandWith } from "../resolver/advice.ts";
import { adviseOnRefusal } from "../resolver/steps/advise.ts";
import { findUnversioned } from "../resolver/steps/find_unversioned.ts";
import { type Resolution, resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import type { Trace } from "../readings/steps/trace.ts";
import { formatVersion } from "../version/version.ts";
import { formatWanted } from "../version/wanted.ts";
import { inspectLauncher } from "./inspect_launcher.ts";
import { hintOfRefusal } from "./choose_contexts.ts";
import { noteMisplaced, scanAskedLine } from "./asked_line.ts";
import { printJson, printWarnings, stdoutStyle } from "./output.ts";

export async function explain(run: CommandRun, host: Host): Promise<number> {
  const { flags, operands } = run;
  const line = scanAskedLine(operands);
  const resolution = await resolveKubectl(
    line,
    { ask: flags["refresh"] ? "refresh" : "ask" },
    host,
  );
  const { config, warnings } = resolution.settings;
  const launcher = await inspectLauncher(line.args, host);
  const explanation = {
    ...explainResolution(resolution, host),
    ...explainUnversioned(config, host),
    ...await hintOf(resolution, host),
    ...(launcher !== undefined && { launcher }),
  };
  if (flags["output"] === "json") {
    printJson(explanation, host);
    return 0;
  }
  printWarnings(warnings, config, host);
  noteMisplaced(run, line, config, host);
  host.terminal.stdout.write(renderExplanation(explanation, stdoutStyle(config, host)));
  return 0;
}

async function hintOf(
  { connection, line }: Resolution,
  host: Host,
): Promise<Pick<Explanation, "refusedHint">> {
  return connection.kind === "refused" && !connection.isReadOnce
    ? { refusedHint: await hintOfRefusal(line.globals, host) }
    : {};
}

function explainUnversioned(
  config: Pick<Config, "systemPath">,
  host: Host,
): Pick<Explanation, "unversioned"> {
  const path = findUnversioned(config, host);
  return path === undefined
    ? {}
    : { unversioned: { path, command: commandWith(path, host.platform.os) } };
}

function explainResolution(resolution: Resolution, host: Host): Explanation {
  const { need, connection, server, decision, settings, stages, trace } = resolution;
  const target = connection.kind === "target" ? connection.target : undefined;
  const pin = findPin(settings.config.pins, target?.context ?? "");
  const { window, candidates, plan } = decision;
  return {
    server: target?.server ?? "",
    context: target?.context ?? "",
    cluster: target?.cluster ?? "",
    user: target?.user ?? "",
    local: need.kind !== "server",
    ...(need.kind !== "server" && { localReason: need.reason }),
    version: explainVersion(server),
    ...(window !== undefined && {
      window: {
        oldest: `${window.oldest.major}.${window.oldest.minor}`,
        newest: `${window.newest.major}.${window.newest.minor}`,
      },
    }),
    candidates: candidates.map(({ path, version, source, verdict }) => ({
      path,
      version: formatVersion(version),
      source,
      verdict,
    })),
    plan: explainPlan(plan, resolution, host),
    ...(pin !== undefined && {
      pin: {
        kubectl: pin.kubectl,
        ...(pin.context !== undefined && { context: pin.context }),
        origin: pin.origin,
      },
    }),
    origins: target?.origins ?? [],
    files: filesOf(trace),
    settings: settings.settings.filter(({ origin }) => origin !== "default"),
    stages: stages.map(({ name, milliseconds }) => ({
      name,
      milliseconds: Math.round(milliseconds * 1000) / 1000,
    })),
    warnings: settings.warnings,
    ...(connection.kind === "refused" &&
      (connection.isReadOnce
        ? { leftToKubectl: connection.reason }
        : { refused: connection.reason })),
  };
}

function explainVersion(server: KnownVersion): Explanation["version"] {
  return server.source === "unknown"
    ? { value: "", source: "unknown", reason: server.reason }
    : { value: server.gitVersion, source: server.source, ageSeconds: server.ageSeconds };
}

function explainPlan(plan: Plan, resolution: Resolution, host: Host): ExplainedPlan {
  const { kind, reason } = plan;
  switch (plan.kind) {
    case "use":
      return {
        kind,
        path: plan.path,
        ...(plan.version !== undefined && { version: formatVersion(plan.version) }),
        reason,
        ...(plan.warning !== undefined && { warning: plan.warning }),
      };
    case "download":
      return {
        kind,
        version: formatWanted(plan.wanted),
        reason,
        ...(plan.warning !== undefined && { warning: plan.warning }),
      };
    case "refuse":
      return {
        kind,
        ...(plan.wanted !== undefined && { version: formatWanted(plan.wanted) }),
        reason,
        hint: adviseOnRefusal(plan, resolution, host),
      };
  }
}

/** Returns the files that were read, or looked for, in that order. */
function filesOf(trace: Trace): Explanation["files"] {
  const files = new Map<string, boolean>();
  for (const [kind, path, seen] of trace.facts()) {
    if (kind === "text" || kind === "bytes") files.set(path, typeof seen !== "string");
  }
  return [...files].map(([path, found]) => ({
    // The name of a file that does not exist may be a mistyped URL.
    path: found ? path : redactArgument(path),
    found,
  }));
}
