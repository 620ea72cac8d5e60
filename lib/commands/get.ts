/**
 * `kuberlr get VERSION…`: kubectls before they are needed, for this machine or for another one.
 *
 * It was asked for in so many words, so that `AllowDownload = false`, which is about commands, does not stand in its way.
 *
 * @module
 */
import type { LoadedConfig } from "../config/config.ts";
import { HostError, KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { scanKubectlArgv } from "../kubectl/argv.ts";
import { findLayout } from "../files/layout.ts";
import { findNearest } from "../output/nearest.ts";
import { findPin } from "../resolver/pins.ts";
import { formatPlatform, joinPath, type Platform } from "../platform.ts";
import { renderFailure, wantsColor } from "../output/report.ts";
import {
  cannotWrite,
  type Installed,
  installKubectl,
  type InstallOptions,
} from "../kubectls/steps/install_kubectl.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { rememberServer } from "../memory/steps/remember_kubectl.ts";
import { resolveKubectl } from "../resolver/steps/resolve_kubectl.ts";
import { formatVersion } from "../version/version.ts";
import { formatWanted, parseWanted, type Wanted } from "../version/wanted.ts";
import type { CommandFlags, CommandRun } from "../cli/command_line.ts";
import { printJson, printPath, printWarnings } from "./output.ts";

/** What `-o json` prints of each. */
interface Got {
  readonly version: string;
  readonly path: string;
  readonly status: "downloaded" | "present";
}

/** @throws {KuberlrError} `usage`; of several versions that cannot be had each is said, and the exit status tells */
export async function get({ flags, operands }: CommandRun, host: Host): Promise<number> {
  const asked = operands.map((text) => ({ text, wanted: readVersion(text) }));
  const options = readOptions(flags);
  const settings = await loadConfig(host);
  const { config } = settings;
  printWarnings(settings.warnings, config, host);
  const layout = findLayout(host.platform, host.env);
  const json = flags["output"] === "json";
  const all: Got[] = [];
  let status = 0;
  for (const { wanted } of asked) {
    try {
      const got = wanted === "auto"
        ? await getForCluster(flags, options, settings, host)
        : toGot(await installKubectl(wanted, config, layout, host, options));
      if (options.asMirror && wanted !== "auto") writeMarker(wanted, got.version, options, host);
      all.push(got);
      if (!json) printPath(got.path, host);
    } catch (error) {
      if (!(error instanceof KuberlrError) || asked.length === 1) throw error;
      const { stderr } = host.terminal;
      stderr.write(renderFailure(error, { color: wantsColor(config.color, stderr) }));
      status = error.exitStatus;
    }
  }
  if (json) printJson(all, host);
  return status;
}

function readVersion(text: string): Wanted | "auto" {
  const wanted = text === "auto" ? text : parseWanted(text);
  if (wanted !== undefined) return wanted;
  const nearest = findNearest(text, ["auto", "stable"]);
  throw new KuberlrError("usage", `"${text}" is no version of kubectl`, {
    hint: nearest === undefined
      ? `It should look like 1.30.2, 1.30, stable or auto; kubectl's own is "kuberlr kubectl get …"`
      : `Did you mean "${nearest}"?`,
  });
}

function readOptions(flags: CommandFlags): InstallOptions {
  const { platform, to } = flags;
  if (flags["mirror"] === true && to === undefined) {
    throw new KuberlrError("usage", `The flag "--mirror" needs a directory`, {
      hint: "Name it with --to",
    });
  }
  return {
    ...(typeof platform === "string" && { platform: readPlatform(platform) }),
    ...(typeof to === "string" && { directory: to }),
    ...(flags["mirror"] === true && { asMirror: true }),
    // Somebody who names a release means it.
    substitute: false,
  };
}

const PLATFORMS: readonly Platform[] = (["linux", "darwin", "windows"] as const)
  .flatMap((os) => (["amd64", "arm64"] as const).map((arch) => ({ os, arch })));

function readPlatform(text: string): Platform {
  const names = PLATFORMS.map((platform) => formatPlatform(platform).replace("-", "/"));
  const platform = PLATFORMS[names.indexOf(text)];
  if (platform !== undefined) return platform;
  const nearest = findNearest(text, names);
  throw new KuberlrError("usage", `"${text}" is no platform that kuberlr knows`, {
    hint: nearest === undefined ? `They are ${names.join(", ")}` : `Did you mean "${nearest}"?`,
  });
}

function toGot({ version, path, downloaded }: Installed): Got {
  return {
    version: formatVersion(version),
    path,
    status: downloaded ? "downloaded" : "present",
  };
}

/** What a mirror says its newest is: the next one asked for it by name then. @throws {KuberlrError} `cannot-write` */
function writeMarker(
  wanted: Wanted,
  version: string,
  { directory = "" }: InstallOptions,
  { files, platform }: Pick<Host, "files" | "platform">,
): void {
  if (wanted.kind === "exact") return;
  const name = wanted.kind === "stable" ? "stable.txt" : `stable-${formatWanted(wanted)}.txt`;
  try {
    files.writeAtomically(joinPath(platform, directory, "release", name), `v${version}\n`, 0o644);
  } catch (error) {
    throw error instanceof HostError ? cannotWrite(error) : error;
  }
}

/** What a command that needs the current cluster would be given; a patch may stand in for one that nobody publishes. */
async function getForCluster(
  flags: CommandFlags,
  options: InstallOptions,
  { config }: LoadedConfig,
  host: Host,
): Promise<Got> {
  const globals = (["context", "kubeconfig"] as const).flatMap((name) =>
    typeof flags[name] === "string" ? [`--${name}=${flags[name]}`] : []
  );
  const resolution = await resolveKubectl(
    scanKubectlArgv(["version", ...globals]),
    { ask: flags["refresh"] ? "refresh" : "ask" },
    host,
  );
  rememberServer(resolution, undefined, host);
  const { connection, server, decision: { plan }, layout } = resolution;
  if (connection.kind === "refused") {
    throw new KuberlrError(
      "config-invalid",
      `Cannot tell what the cluster needs: ${connection.reason}`,
      { hint: `"kubectl config view" says more` },
    );
  }
  const { target } = connection;
  if (server.source === "unknown" && findPin(config.pins, target.context) === undefined) {
    const unknown = `What ${target.server} needs is a guess: ${server.reason}`;
    printWarnings([unknown], config, host);
  }
  const elsewhere = options.directory !== undefined || options.platform !== undefined;
  if (plan.kind === "use" && (!elsewhere || plan.version === undefined)) {
    const version = plan.version === undefined ? "" : formatVersion(plan.version);
    return { version, path: plan.path, status: "present" };
  }
  const wanted: Wanted | undefined = plan.kind === "use" && plan.version !== undefined
    ? { kind: "exact", version: plan.version }
    : plan.kind === "use"
    ? undefined
    : plan.wanted;
  if (wanted === undefined) {
    throw new KuberlrError("no-kubectl", `Cannot tell what the cluster needs: ${plan.reason}`, {
      hint: plan.kind === "refuse" ? plan.hint : undefined,
    });
  }
  const installed = await installKubectl(wanted, config, layout, host, {
    ...options,
    substitute: true,
  });
  return toGot(installed);
}
