/**
 * Inspects the launcher that PATH finds as `kubectl`: whether this version of kuberlr wrote it, and
 * whether it would follow a shortcut.
 *
 * @module
 */
import { BUILD_INFO, type BuildInfo, isStamped } from "../build_info.ts";
import { lookPath } from "../files/steps/look_path.ts";
import { LAUNCHER_MARK, launcherVersionOf } from "../launcher/mark.ts";
import { inspectShortcut, type ShortcutReport } from "../launcher/steps/inspect_shortcut.ts";
import type { LauncherHost } from "../launcher/steps/write_shortcut.ts";
import type { Host, StartCommand } from "../ports/host.ts";
import type { Finding } from "./findings.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { readLauncher } from "./inspect_path.ts";
import { launcherVersion } from "./link_unix.ts";

/**
 * Reports whether the launcher would run `kubectl ARGS…` by itself; `undefined` if PATH finds no
 * launcher of `kuberlr link`.
 */
export async function inspectLauncher(
  args: readonly string[],
  host: LauncherHost,
): Promise<ShortcutReport | undefined> {
  const text = findLauncher(host);
  return text === undefined ? undefined : await inspectShortcut(args, text, host);
}

/** Returns the version of the kuberlr that wrote the launcher, if it is not this version. */
function findOtherVersion(host: LauncherHost): string | undefined {
  const text = findLauncher(host);
  if (text === undefined) return undefined;
  const version = launcherVersionOf(text) ?? "an older version";
  return version === launcherVersion() ? undefined : version;
}

/** Returns the findings of `doctor` about the launcher; to be called before a record is written. */
export async function inspectLauncherHealth(host: LauncherHost): Promise<readonly Finding[]> {
  return [...inspectAge(BUILD_INFO, host), ...await checkLauncher(host)];
}

async function checkLauncher(host: LauncherHost): Promise<readonly Finding[]> {
  const report = await inspectLauncher(["get"], host);
  if (report === undefined) return [];
  const version = findOtherVersion(host);
  if (version !== undefined) {
    return [{
      check: "launcher",
      status: "warning",
      finding: `kubectl is a launcher of ${version}, and this is ${launcherVersion()}`,
      hint: `Run "kuberlr link" again`,
    }];
  }
  const finding = report.follows
    ? `A repeated "kubectl get" runs the remembered kubectl without starting kuberlr`
    : `For the next "kubectl get", it starts kuberlr: ${report.reason}`;
  return [{ check: "launcher", status: "ok", finding }];
}

/** Kubernetes publishes a minor every four months. */
const OLD_AFTER_DAYS = 180;

/** Reports a build that is older than {@linkcode OLD_AFTER_DAYS}; a checkout has no age. */
export function inspectAge(
  build: BuildInfo,
  { clock, program }: Pick<Host, "clock" | "program">,
): readonly Finding[] {
  if (!isStamped(build)) return [];
  const days = Math.floor((clock.nowMs() - Date.parse(build.buildDate)) / 86_400_000);
  // A date that cannot be read gives NaN, which is not old.
  if (!(days >= OLD_AFTER_DAYS)) return [];
  const start = program.startCommand();
  return [{
    check: "launcher",
    status: "warning",
    finding: `This kuberlr was built ${days} days ago`,
    hint: isFromUrl(start)
      ? `Run "deno run -A --reload ${quoteShellWord(start.module)} link"; Deno caches a URL forever`
      : `Install a newer one, and run "kuberlr link" again`,
  }];
}

/** Returns true if Deno has loaded this program from a URL, which it caches forever. */
export function isFromUrl(
  start: StartCommand,
): start is Extract<StartCommand, { readonly kind: "source" }> {
  return start.kind === "source" && /^https?:/.test(start.module);
}

/** Returns the text of the launcher; on Windows there is none. */
function findLauncher(host: LauncherHost): string | undefined {
  const path = host.platform.os === "windows" ? undefined : lookPath("kubectl", host);
  const text = path === undefined ? "" : readLauncher(path, host.files);
  return text.includes(LAUNCHER_MARK) ? text : undefined;
}
