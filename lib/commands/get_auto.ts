/**
 * `kuberlr get auto`: the kubectl that the next command against the current cluster runs.
 *
 * @module
 */
import { KuberlrError } from "../errors.ts";
import { scanKubectlArgv } from "../kubectl/argv.ts";
import { installKubectl } from "../kubectls/steps/install_kubectl.ts";
import type { Host } from "../ports/host.ts";
import { resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { findPin } from "../resolver/pins.ts";
import { findMisfit } from "../resolver/fit.ts";
import type { Plan } from "../resolver/plan.ts";
import { formatVersion, type Version } from "../version/version.ts";
import type { Wanted } from "../version/wanted.ts";
import { hintOfRefusal } from "./choose_contexts.ts";
import { type GetContext, type GetResult, toGetResult } from "./get_result.ts";
import { printWarnings } from "./output.ts";

/**
 * Returns the kubectl for the current cluster, after a download if it is not installed. As for a
 * command, another patch may replace one that upstream has not published.
 *
 * @throws {KuberlrError} `config-invalid`: kubectl will refuse the kubeconfig; `no-kubectl`, and
 * the errors of `installKubectl`
 */
export async function getForCluster(
  { flags, options, config }: GetContext,
  host: Host,
): Promise<GetResult> {
  const globals = (["context", "kubeconfig"] as const).flatMap((name) =>
    typeof flags[name] === "string" ? [`--${name}=${flags[name]}`] : []
  );
  const line = scanKubectlArgv(["version", ...globals]);
  const resolution = await resolveKubectl(
    line,
    { ask: flags["refresh"] ? "refresh" : "ask" },
    host,
  );
  const { connection, server, decision: { plan } } = resolution;
  if (connection.kind === "refused") {
    throw new KuberlrError(
      "config-invalid",
      `Cannot tell what the cluster needs: ${connection.reason}`,
      { hint: await hintOfRefusal(line.globals, host) },
    );
  }
  const { target } = connection;
  if (server.source === "unknown" && findPin(config.pins, target.context) === undefined) {
    const unknown =
      `The version of "${target.server}" is unknown (${server.reason}): using the newest kubectl`;
    printWarnings([unknown], config, host);
  }
  const elsewhere = options.directory !== undefined || options.platform !== undefined;
  if (plan.kind === "use" && (!elsewhere || plan.version === undefined)) {
    const version = plan.version === undefined ? "" : formatVersion(plan.version);
    return { version, path: plan.path, downloaded: false };
  }
  const wanted = wantedBy(plan);
  if (wanted === undefined) {
    throw new KuberlrError("no-kubectl", `Cannot tell what the cluster needs: ${plan.reason}`, {
      hint: plan.kind === "refuse" ? plan.hint : undefined,
    });
  }
  const { circumstances, settings } = resolution;
  const installed = await installKubectl(wanted, config, {
    ...options,
    substitute: true,
    ...(circumstances.pin === undefined && {
      findMisfit: (version: Version) => findMisfit(version, wanted, settings.config),
    }),
  }, host);
  return toGetResult(installed);
}

function wantedBy(plan: Plan): Wanted | undefined {
  if (plan.kind !== "use") return plan.wanted;
  return plan.version && { kind: "exact", version: plan.version };
}
