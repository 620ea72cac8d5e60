/**
 * Writes a shortcut for a command that kuberlr remembers and that the launcher could not follow. A
 * failure to write costs time, never the command.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { findLayout, type Layout } from "../../files/layout.ts";
import { findFolderDistrust } from "../../files/steps/distrust.ts";
import { makeFolderIn, writeOwnText } from "../../files/steps/write_own.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { findNeed } from "../../kubectl/need.ts";
import { formatMemo, type Memo, memoFileName, memoKey } from "../../memory/memo.ts";
import { folderOf, formatPlatform, isAbsolutePath, joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import { shortcutName } from "../command_words.ts";
import { planShortcut, renderShortcut, type Shortcut, shortcutKey } from "../shortcut.ts";
import { STAT_FLAVORS, type StatFlavor } from "../stat_format.ts";
import { findStat, runStat } from "./stat_command.ts";

export type LauncherHost = Pick<
  Host,
  "platform" | "program" | "env" | "files" | "processes" | "clock"
>;

/** The folder of Linux' `uptime` and boot id. */
const PROC = "/proc";

export interface ShortcutRequest {
  /** The file name under which the launcher has looked for the shortcut. */
  readonly name: string;
  readonly line: CommandLine;
  readonly memo: Memo;
  /** Another folder than `/proc`, for tests. */
  readonly proc?: string;
}

/**
 * Writes the shortcut that the launcher has looked for, and notes in the memo that it exists, or
 * why there is none. Called if a memo is valid and the launcher did not follow its shortcut.
 */
export async function writeShortcut(request: ShortcutRequest, host: LauncherHost): Promise<void> {
  const { name, line, memo } = request;
  const layout = findLayout(host.platform, host.env);
  if (layout === undefined || !isNameOf(name, line, host)) return;
  if (findFolderDistrust(layout.memo, layout.root, host) !== undefined) return;
  // The launcher looks only into the home. The memo may be in a temporary folder.
  const memoPath = joinPath(host.platform, layout.memo, memoFileName(memo.key));
  if (orUndefined(() => host.files.lstat(memoPath)) === undefined) return;
  // A fact about a file that has just changed cannot be checked by its times yet. A later command
  // writes the shortcut.
  if (memo.facts.some((fact) => fact[3] !== undefined)) return;
  const made = await makeShortcut(request, layout, host);
  const path = joinPath(host.platform, layout.memo, name);
  const isRepeated = made.kind === "text" &&
    orUndefined(() => readOwnText(path, "shortcut", host.files)) === made.text;
  // The launcher does not follow a shortcut in the second in which its memo was written.
  if (isRepeated && host.clock.nowMs() < startOfNextSecond(memo.writtenAtMs)) return;
  orUndefined(() => {
    if (made.kind === "text" && !isRepeated) writeOwnText(path, made.text, layout, host);
    const shortcut = made.kind === "none"
      ? made.reason
      : isRepeated
      ? "the launcher's checks fail although kuberlr's succeed"
      : "";
    writeOwnText(memoPath, formatMemo({ ...memo, shortcut }), layout, host);
  });
}

/** Milliseconds since the epoch; {@linkcode renderShortcut} tests the time of day in seconds. */
function startOfNextSecond(ms: number): number {
  return Math.ceil(ms / 1000) * 1000;
}

/**
 * Returns true if the name without its extension belongs to the line: the launcher has parsed the
 * words as kuberlr does.
 */
function isNameOf(name: string, line: CommandLine, host: LauncherHost): boolean {
  const key = shortcutKey(line, findNeed(line, host.env), host.env.get("KUBECONFIG"));
  const expected = key && shortcutName(key);
  return expected !== undefined && name === `${expected}.${flavorOf(name)}`;
}

function flavorOf(name: string): StatFlavor | undefined {
  return STAT_FLAVORS.find((flavor) => name.endsWith(`.${flavor}`));
}

async function makeShortcut(
  { name, line, memo, proc = PROC }: ShortcutRequest,
  layout: Layout,
  host: LauncherHost,
): Promise<Shortcut> {
  const { env, files, clock } = host;
  const key = memoKey(line, findNeed(line, env), env.get("KUBECONFIG"));
  if (memo.key !== key) return none("a kuberc has defaults for commands");
  const command = linkPath(memo.path, layout, host);
  const plan = planShortcut(memo, { program: programFile(host), command });
  if (plan.kind === "none") return plan;
  const stat = await findStat(host);
  if (stat === undefined || stat.flavor !== flavorOf(name)) {
    return none("the stat command has been replaced");
  }
  if (!placeLink(memo.path, command, layout, host)) return none(`"${command}" cannot be made`);
  const lines = await runStat(plan.statChecks.map(({ path }) => path), stat, host);
  if (lines === undefined) return none("the stat command fails");
  return renderShortcut(memo, plan, {
    lines,
    flavor: stat.flavor,
    variable: (name) => env.get(name),
    nearestFolder: (path) => nearestFolder(path, files),
    clock: { nowMs: clock.nowMs(), boot: readBoot(proc, files), proc },
    command,
  });
}

/** Returns the file that kuberlr runs from: another version may choose another kubectl. */
function programFile({ program, platform }: LauncherHost): string | undefined {
  const start = program.startCommand();
  const path = start.kind === "executable" ? start.path : start.module;
  return isAbsolutePath(platform, path) ? path : undefined;
}

/**
 * Returns the path of a link named `kubectl` to a kubectl: the user agent that kubectl sends is the
 * last part of its argv[0].
 */
function linkPath(path: string, layout: Layout, { platform }: LauncherHost): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return joinPath(platform, layout.links, formatPlatform(platform), file, "kubectl");
}

/** Makes the link, unless it exists; returns whether it leads to the kubectl. */
function placeLink(path: string, link: string, layout: Layout, host: LauncherHost): boolean {
  const { files } = host;
  const isMade = orUndefined(() => {
    makeFolderIn(layout, folderOf(link), host);
    return true;
  });
  if (isMade !== true) return false;
  const leadsThere = () => {
    const real = orUndefined(() => files.realPath(link));
    return real !== undefined && real === orUndefined(() => files.realPath(path));
  };
  if (!leadsThere()) orUndefined(() => files.linkAtomically(path, link));
  return leadsThere();
}

/** Returns the nearest folder above a path that exists. */
function nearestFolder(path: string, files: Host["files"]): string {
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
    if (orUndefined(() => files.stat(folder))?.kind === "directory") return folder;
  }
  return "/";
}

function readBoot(
  proc: string,
  files: Host["files"],
): { id: string; uptimeSeconds: number } | undefined {
  const id = orUndefined(() =>
    readRegularText(`${proc}/sys/kernel/random/boot_id`, "kernel", files)
  )?.trim();
  const uptime = orUndefined(() => readRegularText(`${proc}/uptime`, "kernel", files));
  const uptimeSeconds = Number(uptime?.split(" ")[0]);
  return id === undefined || uptime === undefined || !(uptimeSeconds >= 0)
    ? undefined
    : { id, uptimeSeconds };
}

function none(reason: string): Shortcut {
  return { kind: "none", reason };
}
