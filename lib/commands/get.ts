/**
 * `kuberlr get VERSION…`: downloads kubectls, for this machine or for another one.
 *
 * `AllowDownload = false` does not apply, because the user asks for them explicitly.
 *
 * @module
 */
import type { CommandFlags, CommandRun } from "../cli/command_line.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { HostError, KuberlrError } from "../errors.ts";
import { placeOf } from "../files/layout.ts";
import { addTemporaryPlaces, findPlaces } from "../files/steps/find_places.ts";
import {
  cannotWrite,
  installKubectl,
  type InstallOptions,
} from "../kubectls/steps/install_kubectl.ts";
import { renderFailure, wantsColor } from "../output/report.ts";
import { formatPlatform, joinPath, type Platform } from "../platform.ts";
import type { Host } from "../ports/host.ts";
import { formatWanted, type Wanted } from "../version/wanted.ts";
import { getForCluster } from "./get_auto.ts";
import { type GetContext, type GetResult, toGetResult } from "./get_result.ts";
import { openLock, type VersionLock } from "./open_lock.ts";
import { markRequested } from "./mark_requested.ts";
import { printJson, printPath, printWarnings } from "./output.ts";
import { type AskedVersion, readVersion, readVersionFile } from "./read_versions.ts";

/** The entry of a version in `-o json`. */
interface GetRow {
  readonly wanted: string;
  readonly version?: string;
  readonly path?: string;
  readonly status: "downloaded" | "present" | "failed";
  readonly error?: string;
}

/**
 * Reports each failure on stderr, and goes on with the other versions.
 *
 * @returns 0; 1 if some of several versions failed; the status of the last failure if all failed
 * @throws {KuberlrError} `usage`, `config-invalid`
 */
export async function get({ command, flags, operands }: CommandRun, host: Host): Promise<number> {
  const { from, lock: lockPath } = flags;
  const named = [
    ...operands.map((text) => readVersion(text)),
    ...(typeof from === "string" ? readVersionFile(from, host) : []),
  ];
  const options = readOptions(flags);
  const { config, warnings } = await loadConfig(host);
  printWarnings(warnings, config, host);
  const platform = formatPlatform(options.platform ?? host.platform).replace("-", "/");
  const lock = typeof lockPath === "string" ? openLock(lockPath, platform, host) : undefined;
  const asked = named.length > 0 || from !== undefined ? named : lock?.asked() ?? [];
  if (asked.length === 0 && from === undefined) {
    throw new KuberlrError(
      "usage",
      `"kuberlr get" needs an argument: ${command.operands.synopsis}, --from FILE, or the FILE of an earlier --lock`,
      { hint: `"kuberlr help get" shows how to use it` },
    );
  }
  const context: GetContext = { flags, options, config };
  const json = flags["output"] === "json";
  const rows: GetRow[] = [];
  const failures: number[] = [];
  for (const one of asked) {
    // A mirror that was down a moment ago is asked once more, for the first version only.
    const insist = rows.length === 0;
    try {
      const { version, path, downloaded } = await getOne(
        one,
        lock,
        { ...context, options: { ...options, insist } },
        host,
      );
      rows.push({
        wanted: one.text,
        version,
        path,
        status: downloaded ? "downloaded" : "present",
      });
      if (!json) printPath(path, host);
    } catch (error) {
      if (!(error instanceof KuberlrError)) throw error;
      const { stderr } = host.terminal;
      stderr.write(renderFailure(error, { color: wantsColor(config.color, stderr) }));
      rows.push({ wanted: one.text, status: "failed", error: error.message });
      failures.push(error.exitStatus);
    }
  }
  lock?.write();
  if (json) printJson(rows, host);
  return failures.length === 0 ? 0 : failures.length < rows.length ? 1 : failures.at(-1) ?? 0;
}

/** @throws {KuberlrError} it cannot be downloaded, or has another digest than in the lock */
async function getOne(
  { text, wanted }: AskedVersion,
  lock: VersionLock | undefined,
  context: GetContext,
  host: Host,
): Promise<GetResult> {
  if (wanted === "auto") {
    const got = await getForCluster(context, host);
    if (lock !== undefined && got.version === "") {
      throw new KuberlrError(
        "pin-unavailable",
        `Cannot lock "${got.path}": a path does not pin a version`,
        {
          hint: `Leave auto out, or pin a version; "kuberlr config" shows the pin`,
        },
      );
    }
    await lock?.check(got.version, got);
    return got;
  }
  const { options, config } = context;
  const exact = lock?.resolve(text) ?? wanted;
  const got = toGetResult(await installKubectl(exact, config, options, host));
  await lock?.check(text, got);
  if (options.asMirror) writeMarker(wanted, got.version, options, host);
  if (options.directory === undefined && options.platform === undefined) {
    const place = placeOf(
      got.path,
      addTemporaryPlaces(findPlaces(host), host).trusted,
      host.platform,
    );
    if (place !== undefined) markRequested(got.version, place, host);
  }
  return got;
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
    // A release that the user names is not replaced by another.
    substitute: false,
  };
}

/** @param text one of the flag's choices: `linux/amd64` */
function readPlatform(text: string): Platform {
  const [os, arch] = text.split("/");
  return { os, arch } as Platform;
}

/**
 * Writes `stable.txt` or `stable-1.30.txt` into the mirror, unless a release was named.
 *
 * @throws {KuberlrError} `cannot-write`
 */
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
