/**
 * `kuberlr doctor`: looks for what is wrong with this installation, and says what to do. It changes
 * only the record of the current server.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { LoadedConfig } from "../config/config.ts";
import { warnAboutVariables } from "../config/variables.ts";
import { KuberlrError, orUndefined } from "../errors.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";
import { findLayout, type Layout } from "../files/layout.ts";
import { findPlaces, type PlaceFault } from "../files/steps/find_places.ts";
import { findNamelessKubectl } from "./deno_shim.ts";
import { type Finding, renderFindings } from "./findings.ts";
import { askCluster, describeCluster } from "./inspect_cluster.ts";
import { type Distrusted, inspectFolders } from "./inspect_folders.ts";
import { inspectKubectls } from "./inspect_kubectls.ts";
import { inspectLauncherHealth } from "./inspect_launcher.ts";
import { inspectMirrors } from "./inspect_mirrors.ts";
import { inspectPath } from "./inspect_path.ts";
import { inspectPins } from "./inspect_pins.ts";
import { adviseChown, adviseOnVolume } from "./inspect_writing.ts";
import { loadColor, loadConfig } from "../config/steps/load_config.ts";
import { nameProgram } from "./name_program.ts";
import { printJson, stdoutStyle } from "./output.ts";

/** @returns 1 if something is wrong */
export async function doctor({ flags }: CommandRun, host: Host): Promise<number> {
  const findings = (await examine(host)).map(({ hint, ...finding }) =>
    hint === undefined ? finding : { ...finding, hint: nameProgram(hint, host) }
  );
  if (flags["output"] === "json") {
    printJson(findings, host);
  } else {
    const style = stdoutStyle({ color: await loadColor(host) }, host);
    host.terminal.stdout.write(renderFindings(findings, style));
  }
  return findings.some(({ status }) => status === "error") ? 1 : 0;
}

async function examine(host: Host): Promise<readonly Finding[]> {
  const settings = await readSettings(host);
  if ("status" in settings) return [settings];
  const layout = findLayout(host.platform, host.env);
  // Folders and launcher come before the cluster, because asking the cluster writes a new record.
  const folders = checkFolders(layout, host);
  const launcher = await inspectLauncherHealth(host);
  // The cluster comes before the mirrors. In a checkout, the parser of kubeconfigs may be a package
  // that Deno must download, which fails once an HTTP client has left the default store of
  // certificates empty (http_client.ts).
  const asked = await askCluster(host);
  const mirrors = await inspectMirrors(settings.config, host);
  const cluster = await describeCluster(asked, mirrors.failure, host);
  const isNoneUsable = cluster.some(({ check }) => check === "kubectls");
  return [
    ...checkConfig(settings, host),
    ...folders,
    ...(await inspectKubectls(settings.config, host))
      .filter(({ status }) => status !== "ok" || !isNoneUsable),
    checkPath(host),
    ...launcher,
    ...mirrors.findings,
    ...await inspectPins(settings.config, host),
    ...cluster,
  ];
}

async function readSettings(host: Host): Promise<LoadedConfig | Finding> {
  try {
    return await loadConfig(host);
  } catch (error) {
    if (!(error instanceof KuberlrError)) throw error;
    return {
      check: "configuration",
      status: "error",
      finding: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    };
  }
}

function checkConfig(
  { settings, warnings }: LoadedConfig,
  { program, platform }: Host,
): readonly Finding[] {
  const set = settings.filter(({ origin }) => origin !== "default").length;
  return [
    ...[...warnings, ...warnAboutVariables(program.variables(), platform)].map((
      finding,
    ): Finding => ({
      check: "configuration",
      status: "warning",
      finding,
      hint: `"kuberlr help config" lists the settings`,
    })),
    {
      check: "configuration",
      status: "ok",
      finding: set === 0
        ? "every setting has its default"
        : set === 1
        ? "1 setting differs from its default"
        : `${set} settings differ from their defaults`,
    },
  ];
}

function checkFolders(layout: Layout | undefined, host: Host): readonly Finding[] {
  const { keep, homeFault } = findPlaces(host);
  if (layout === undefined) {
    return [{
      check: "folders",
      status: keep === undefined ? "error" : "warning",
      finding: `There is no home folder: ${describeKeeping(keep)}`,
      hint: host.platform.os === "windows" ? "Set USERPROFILE" : "Set HOME",
    }];
  }
  const distrusted = inspectFolders(layout, host);
  const findings = distrusted.map((bad): Finding => ({
    check: "folders",
    status: "error",
    finding: bad.kind === "folder"
      ? `"${bad.path}" ${bad.reason}: nothing in it is used`
      : `"${bad.path}" ${bad.reason}: it is not used`,
    hint: adviseOnDistrust(bad, layout, host),
  }));
  if (homeFault !== undefined) findings.push(describeStandIn(homeFault, keep, layout, host));
  if (findings.length > 0) return findings;
  return [{ check: "folders", status: "ok", finding: `"${layout.root}" is as it should be` }];
}

function describeKeeping(keep: Layout | undefined): string {
  return keep === undefined
    ? "nothing can be downloaded or remembered"
    : `what is downloaded and remembered goes to "${keep.root}"`;
}

/**
 * Describes the folder that replaces the home. A fault that is reported already is not repeated.
 */
function describeStandIn(
  fault: PlaceFault,
  keep: Layout | undefined,
  layout: Layout,
  host: Host,
): Finding {
  const place = describeKeeping(keep);
  const finding = `"${fault.path}" ${fault.reason}: ${place}`;
  if (keep === undefined) {
    const hint = "Set TMPDIR to a folder of this user where programs can be run";
    return { check: "folders", status: "error", finding, hint };
  }
  if (fault.kind !== "unusable") {
    return { check: "folders", status: "ok", finding: `Meanwhile, ${place}` };
  }
  const hint = adviseOnVolume(fault, layout, host);
  return { check: "folders", status: "warning", finding, hint };
}

function adviseOnDistrust(bad: Distrusted, { root }: Layout, host: Host): string {
  const { path } = bad;
  if (isOfAnother(path, host)) {
    const isOwn = path === root || path.startsWith(root);
    return !isOwn || host.files.userId() === 0
      ? "Set HOME to this user's own folder"
      : adviseChown(path, host);
  }
  if (bad.kind === "file") return "Remove it; it is created again when it is needed";
  if (host.platform.os === "windows") {
    return "Make it a folder that only you can write, or move it away";
  }
  const word = quoteShellWord(path);
  switch (bad.cause) {
    case "link":
    case "wrong-kind":
      return `Move "${path}" away; a folder is created in its place`;
    case "closed":
      return `Make it accessible: chmod u+rwx ${word}`;
    case "unknown":
      return `Make what it leads to accessible to this user, or move ${word} away`;
    case "foreign":
      return path.startsWith(root)
        ? `Make it a folder that only you can use: chmod 700 ${word}, or move it away`
        : `Let no other user write it: chmod o-w ${word}`;
  }
}

function isOfAnother(path: string, { files }: Host): boolean {
  const owner = orUndefined(() => files.stat(path))?.uid;
  const userId = files.userId();
  return owner !== undefined && userId !== undefined && owner !== userId;
}

function checkPath(host: Host): Finding {
  const nameless = findNamelessKubectl(host);
  if (nameless !== undefined) {
    const finding = `"${nameless.path}" acts as kuberlr, not as kubectl`;
    return { check: "PATH", status: "warning", finding, hint: nameless.hint };
  }
  const { found, isKuberlr, hint } = inspectPath(host);
  if (isKuberlr) return { check: "PATH", status: "ok", finding: `"${found}" is kuberlr` };
  const finding = found === undefined ? "PATH finds no kubectl" : `"${found}" is not kuberlr`;
  return { check: "PATH", status: "warning", finding, hint };
}
